//! The API as protobuf: messages, client and server stubs, and the descriptor set. Nothing by hand.

/// Version 1 of the API.
pub mod v1 {
    #![expect(
        clippy::all,
        clippy::pedantic,
        clippy::allow_attributes,
        clippy::allow_attributes_without_reason,
        reason = "generated code keeps its generator's style"
    )]
    #![allow(
        clippy::disallowed_methods,
        clippy::wildcard_enum_match_arm,
        unreachable_pub,
        reason = "not every version of the generator breaks these"
    )]
    tonic::include_proto!("schakel.v1");
}

/// All files of the API with their comments, for reflection and for tests that enumerate methods.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/schakel.bin"));

/// The methods of the API, one by one: a table of them that forgets one does not compile.
mod methods {
    include!(concat!(env!("OUT_DIR"), "/methods.rs"));
}

pub use methods::Method;

/// The requests that change something.
mod changes {
    include!(concat!(env!("OUT_DIR"), "/changes.rs"));
}

pub use changes::Change;
