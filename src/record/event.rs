//! Events: what happened, in past tense, complete enough to make the records again (B14).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::RefusedAttempt;
use crate::model::{
    AgentId, By, CommandId, ContactEvent, ConversationEvent, CustomerEvent, Key, MessageEvent, PresenceEvent,
};

/// The version of the events' form that this build writes.
pub const SCHEMA_VERSION: u16 = 1;

/// Who caused something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Actor {
    /// An agent.
    Agent(AgentId),
    /// A customer, by writing.
    Customer,
    /// A provider, by reporting.
    Provider,
    /// The passing of time.
    Clock,
    /// The host: its router, its pump, its administration.
    Host,
}

impl Actor {
    /// Who an agent or the host is as an actor.
    pub(crate) fn of(who: &By) -> Self {
        match who {
            By::Agent(agent) => Self::Agent(agent.clone()),
            By::Host => Self::Host,
        }
    }
}

/// What happened, to one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// To a contact.
    Contact(ContactEvent),
    /// To a customer.
    Customer(CustomerEvent),
    /// To an agent's presence.
    Presence(PresenceEvent),
    /// To a conversation.
    Conversation(ConversationEvent),
    /// To a message.
    Message(MessageEvent),
    /// An attempt was refused, where the host has refusals recorded.
    Refused(Box<RefusedAttempt>),
}

impl Event {
    /// The event's stable name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Contact(event) => match event {
                ContactEvent::ContactMade { .. } => "contact_made",
                ContactEvent::ThreadOpened { .. } => "thread_opened",
                ContactEvent::ThreadClosed { .. } => "thread_closed",
                ContactEvent::OptedOut { .. } => "opted_out",
                ContactEvent::OptedIn { .. } => "opted_in",
                ContactEvent::Suppressed { .. } => "suppressed",
                ContactEvent::SuppressionLifted { .. } => "suppression_lifted",
                ContactEvent::ZoneSet { .. } => "zone_set",
            },
            Self::Customer(event) => match event {
                CustomerEvent::CustomerNoted { .. } => "customer_noted",
                CustomerEvent::WishTold { .. } => "wish_told",
                CustomerEvent::WrittenTo { .. } => "written_to",
            },
            Self::Presence(event) => match event {
                PresenceEvent::SignedIn { .. } => "signed_in",
                PresenceEvent::SignedOut => "signed_out",
                PresenceEvent::StateSet { .. } => "state_set",
                PresenceEvent::SlotTaken { .. } => "slot_taken",
                PresenceEvent::SlotChanged { .. } => "slot_changed",
                PresenceEvent::SlotFreed { .. } => "slot_freed",
                PresenceEvent::InteractionEnded { .. } => "interaction_ended",
                PresenceEvent::TransferPending { .. } => "transfer_pending",
                PresenceEvent::TransferSettled => "transfer_settled",
            },
            Self::Conversation(event) => match event {
                ConversationEvent::Opened { .. } => "opened",
                ConversationEvent::Offered { .. } => "offered",
                ConversationEvent::Accepted { .. } => "accepted",
                ConversationEvent::Queued { .. } => "queued",
                ConversationEvent::Frozen { .. } => "frozen",
                ConversationEvent::Unfrozen { .. } => "unfrozen",
                ConversationEvent::Transferred { .. } => "transferred",
                ConversationEvent::HandoverAsked { .. } => "handover_asked",
                ConversationEvent::HandoverEnded { .. } => "handover_ended",
                ConversationEvent::HandedOver { .. } => "handed_over",
                ConversationEvent::Parked { .. } => "parked",
                ConversationEvent::SubjectSet { .. } => "subject_set",
                ConversationEvent::MessageSent { .. } => "message_sent",
                ConversationEvent::MessageReceived { .. } => "message_received",
                ConversationEvent::MessageNoted { .. } => "message_noted",
                ConversationEvent::NoticeSent { .. } => "notice_sent",
                ConversationEvent::MessageSettled { .. } => "message_settled",
                ConversationEvent::WorkflowTriggered { .. } => "workflow_triggered",
                ConversationEvent::Closed { .. } => "closed",
                ConversationEvent::WrappedUp { .. } => "wrapped_up",
            },
            Self::Message(event) => match event {
                MessageEvent::MessageMade { .. } => "message_made",
                MessageEvent::Released => "released",
                MessageEvent::AttemptBegun { .. } => "attempt_begun",
                MessageEvent::AttemptFailed { .. } => "attempt_failed",
                MessageEvent::AcceptedByProvider { .. } => "accepted_by_provider",
                MessageEvent::DeliveryFailed { .. } => "delivery_failed",
                MessageEvent::DeliveryExpired => "delivery_expired",
                MessageEvent::StatusReported { .. } => "status_reported",
                MessageEvent::Deferred { .. } => "deferred",
                MessageEvent::Retried { .. } => "retried",
            },
            Self::Refused(_) => "refused",
        }
    }
}

/// An event with its circumstances.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The record that it happened to; a record's events are its stream.
    ///
    /// The key of a conversation or of a message gives its id back. That of an agent's presence, of an address or of a customer is a
    /// digest: who follows the feed keeps by it whom the stream's first event names (every [`PresenceEvent::SignedIn`] does), or
    /// compares it with [`Key::presence`] of the agents of the directory.
    pub stream: Key,
    /// Its place in the stream, from 1, without gaps.
    pub sequence: u64,
    /// The command that caused it.
    pub command: CommandId,
    /// Its place among the events of that command, from 0.
    pub ordinal: u16,
    /// Who caused it.
    pub actor: Actor,
    /// When, by the command's clock.
    pub at: DateTime<Utc>,
    /// The version of the directory under which it was decided.
    pub directory: u64,
    /// The version of the event's form.
    pub schema: u16,
    /// What happened.
    pub event: Event,
}

impl Envelope {
    /// The event's own id: a function of the command and the event's place; for a refusal, of the attempt, since a command
    /// may be refused several times before it is done.
    #[must_use]
    pub fn id(&self) -> Uuid {
        let cause = if let Event::Refused(refused) = &self.event { refused.attempt } else { self.command };
        cause.derive((2 << 40) | u64::from(self.ordinal))
    }
}
