//! What happened, as the floor writes it down: complete enough to make its records again.

use std::sync::Arc;

/// An event with its circumstances.
#[derive(Debug)]
#[expect(dead_code, reason = "written, as the library writes it")]
pub(crate) struct Envelope {
    /// The record that it happened to: its kind, and its id.
    pub(crate) stream: (u8, u128),
    pub(crate) sequence: u64,
    pub(crate) command: u128,
    pub(crate) ordinal: u16,
    pub(crate) actor: u32,
    pub(crate) at: i64,
    pub(crate) directory: u64,
    pub(crate) event: Event,
}

/// What happened.
#[derive(Debug)]
#[expect(dead_code, reason = "written, as the library writes it")]
pub(crate) enum Event {
    Opened { task: u128, entry_point: u32, address: u64, customer: u128, agent: u32, previous: Option<u128> },
    Offered { offer: u128, to: u32, expires: i64 },
    Accepted { agent: u32 },
    Closed { by: u32 },
    WrappedUp { agent: u32, reason: u32 },
    ContactMade { address: u64, customer: u128 },
    ThreadOpened { entry_point: u32, conversation: u128 },
    ThreadClosed { entry_point: u32 },
    SlotTaken { outbound: bool, conversation: u128 },
    SlotChanged { conversation: u128, deadline: i64 },
    SlotFreed { conversation: u128 },
    Queued { task: u128, entry_point: u32, address: u64, customer: u128, previous: Option<u128> },
    MessageMade { conversation: u128, number: u32, by: Option<u32>, text: Arc<str>, not_after: i64 },
    MessageReceived { message: u128 },
    MessageSent { message: u128 },
    MessageSettled { message: u128 },
    AttemptBegun { attempt: u16, lease: i64 },
    AcceptedByProvider { provider: Box<str> },
}
