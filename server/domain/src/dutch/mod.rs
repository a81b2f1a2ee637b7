//! What only holds in the Netherlands: codes, ages, holidays, terms.

pub mod bsn;
