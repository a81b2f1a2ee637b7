//! How far each mail came, told to whoever has to reach people, and one sent again.

mod rpc;
mod wire;
