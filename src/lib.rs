#![doc = include_str!("../README.md")]

pub mod command;
pub mod desk;
pub mod directory;
pub mod engine;
pub mod memory;
pub mod model;
pub mod policy;
pub mod port;
pub mod query;
pub mod record;
pub mod refusal;
mod threading;
