//! The records, as the floor keeps them. Conversations and commands have ids of 128 bits, since they are told to other systems.

use std::sync::Arc;

use super::directory::Channel;

/// An agent's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Available,
    Idle,
}

/// What is known of an agent who has signed in.
#[derive(Debug)]
pub(crate) struct Presence {
    pub(crate) version: u64,
    pub(crate) session: Option<Session>,
    pub(crate) slots: Vec<Slot>,
}

/// The time between signing in and out.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) team: u32,
    pub(crate) state: State,
}

/// A slot that is held.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) channel: Channel,
    pub(crate) outbound: bool,
    pub(crate) conversation: u128,
    #[expect(dead_code, reason = "kept, as the library keeps it")]
    pub(crate) since: i64,
}

/// A customer's address.
#[derive(Debug)]
pub(crate) struct Contact {
    pub(crate) version: u64,
    pub(crate) customer: u128,
    pub(crate) threads: Vec<Thread>,
    pub(crate) opted_out: bool,
    pub(crate) suppressed_until: Option<i64>,
}

/// The conversations of an address with one entry point.
#[derive(Debug)]
pub(crate) struct Thread {
    pub(crate) entry_point: u32,
    pub(crate) open: Option<u128>,
    pub(crate) latest: u128,
}

/// A conversation and its task.
#[derive(Debug)]
#[expect(dead_code, reason = "kept, as the library keeps it")]
pub(crate) struct Conversation {
    pub(crate) version: u64,
    pub(crate) task: u128,
    pub(crate) channel: Channel,
    pub(crate) entry_point: u32,
    pub(crate) address: u64,
    pub(crate) customer: u128,
    pub(crate) started_by: Option<u32>,
    pub(crate) previous: Option<u128>,
    pub(crate) opened_at: i64,
    pub(crate) closed_at: Option<i64>,
    pub(crate) holder: Option<u32>,
    pub(crate) since: i64,
    pub(crate) messages: u32,
    pub(crate) last_inbound: Option<(u128, i64)>,
    pub(crate) unsettled: Vec<u128>,
}

/// How far a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    Received,
    Waits { since: i64 },
    Attempted { lease: i64 },
    Accepted { at: i64 },
}

/// A message.
#[derive(Debug)]
#[expect(dead_code, reason = "kept, as the library keeps it")]
pub(crate) struct Message {
    pub(crate) version: u64,
    pub(crate) conversation: u128,
    pub(crate) number: u32,
    pub(crate) entry_point: u32,
    pub(crate) address: u64,
    pub(crate) by: Option<u32>,
    pub(crate) text: Arc<str>,
    pub(crate) at: i64,
    pub(crate) not_after: i64,
    pub(crate) attempts: u16,
    pub(crate) delivery: Delivery,
    pub(crate) provider: Option<Box<str>>,
}
