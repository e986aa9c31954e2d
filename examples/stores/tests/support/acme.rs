//! A small organization, and words to speak of it.

use std::fmt::Debug;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use outbound::command::{OnConflict, ReceiveMessage, StartOutbound};
use outbound::directory::Directory;
use outbound::engine::Terms;
use outbound::model::{Channel, CommandId, MessageId, ProviderId, ShapeOnly};

/// A host's id from its text.
pub fn id<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

/// The set-up of the crate's own tests; numbers are checked for their shape only.
pub fn terms() -> Terms {
    let setup = serde_json::from_str(include_str!("../../../../tests/support/acme.json")).expect("a set-up");
    Terms::new(Directory::new(setup).expect("the set-up is sound"), ShapeOnly)
}

/// The moment at which every story begins.
pub fn beginning() -> DateTime<Utc> {
    "2026-03-02T09:00:00Z".parse().expect("a time")
}

/// The n-th command id at a time.
pub fn command_id(at: DateTime<Utc>, number: u64) -> CommandId {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    CommandId::new(at, random)
}

/// What the test's provider calls a message.
pub fn provider_of(message: MessageId) -> ProviderId {
    id(&format!("p-{message}"))
}

/// A start of an SMS conversation from Care.
pub fn sms(agent: &str, to: &str) -> StartOutbound {
    StartOutbound::new(id(agent), Channel::Sms, id("sms_care"), to)
}

/// A start that does something about a conversation that exists.
pub fn sms_or(on_conflict: OnConflict, agent: &str, to: &str) -> StartOutbound {
    StartOutbound { on_conflict, ..sms(agent, to) }
}

/// A customer's SMS to Care.
pub fn inbound(from: &str, provider: &str, text: &str) -> ReceiveMessage {
    ReceiveMessage::text(id("sms_care"), from, id(provider), text)
}
