//! What the tests of the stores share.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of this")]

pub mod acme;
pub mod place;
pub mod proxy;
pub mod server;
pub mod story;
pub mod whole;
