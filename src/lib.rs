#![doc = include_str!("../README.md")]
// On docs.rs each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod command;
pub mod desk;
pub mod directory;
pub mod engine;
pub mod hours;
pub mod mail;
pub mod memory;
pub mod model;
pub mod policy;
pub mod port;
pub mod query;
pub mod record;
pub mod refusal;
pub mod sms;
#[cfg(feature = "testing")]
pub mod testing;
pub mod threading;
