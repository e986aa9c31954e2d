//! The organization: what holds for all its agents and conversations.

use std::sync::Arc;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::consent::ConsentRules;
use super::content::{AttachmentRules, HtmlRemoval, InboundLimits, TextLimits};
use super::hours::{CapsSetup, HoursSetup};
use super::queue::Queue;
use super::reason::{IdleReason, WrapUpReason};
use super::threading::ThreadingPolicy;
use crate::model::OrganizationId;

/// How far one conversation that is not closed blocks the next (R11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictScope {
    /// One for each channel, customer address and entry point.
    #[default]
    EntryPoint,
    /// One for each channel and customer address: the stricter.
    Address,
}

/// What an e-mail subject that was used before with the customer leads to (R27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectReuse {
    /// A refusal that names the earlier conversation.
    #[default]
    Refuse,
    /// A warning.
    Warn,
}

/// What holds for all of an organization's agents and conversations.
#[derive(Debug, Clone)]
pub struct Organization {
    pub(super) id: OrganizationId,
    pub(super) name: String,
    pub(super) digital_channels: bool,
    pub(super) pci: bool,
    pub(super) fallback_queue: Arc<Queue>,
    pub(super) media_base_url: Option<String>,
    pub(super) conflict_scope: ConflictScope,
    pub(super) subject_reuse: SubjectReuse,
    pub(super) max_transfers: u8,
    pub(super) declined_idle_reason: Arc<IdleReason>,
    pub(super) timings: Timings,
    pub(super) text_limits: TextLimits,
    pub(super) html_removal: HtmlRemoval,
    pub(super) attachments: AttachmentRules,
    pub(super) inbound: InboundLimits,
    pub(super) consent: ConsentRules,
    pub(super) hours: HoursSetup,
    pub(super) caps: CapsSetup,
    pub(super) threading: ThreadingPolicy,
}

impl Organization {
    /// The organization's id.
    #[must_use]
    pub fn id(&self) -> &OrganizationId {
        &self.id
    }

    /// The name that a desk shows.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has enabled digital channels (R4).
    #[must_use]
    pub fn has_digital_channels(&self) -> bool {
        self.digital_channels
    }

    /// Whether it is PCI-integrated: then inline images are forbidden (R28).
    #[must_use]
    pub fn is_pci(&self) -> bool {
        self.pci
    }

    /// Where tasks go whose agent, queue or entry point is no longer there; it serves every channel with an entry point.
    #[must_use]
    pub fn fallback_queue(&self) -> &Queue {
        &self.fallback_queue
    }

    /// Where hosted inline images appear (R31): an `https://` URL.
    #[must_use]
    pub fn media_base_url(&self) -> Option<&str> {
        self.media_base_url.as_deref()
    }

    /// How far one conversation that is not closed blocks the next (R11).
    #[must_use]
    pub fn conflict_scope(&self) -> ConflictScope {
        self.conflict_scope
    }

    /// What a subject that was used before leads to (R27).
    #[must_use]
    pub fn subject_reuse(&self) -> SubjectReuse {
        self.subject_reuse
    }

    /// How often one conversation may be transferred (B13).
    #[must_use]
    pub fn max_transfers(&self) -> u8 {
        self.max_transfers
    }

    /// The reason with which an agent who declines a transfer becomes idle (R49).
    #[must_use]
    pub fn declined_idle_reason(&self) -> &IdleReason {
        &self.declined_idle_reason
    }

    /// How long things may take.
    #[must_use]
    pub fn timings(&self) -> &Timings {
        &self.timings
    }

    /// How long messages may be.
    #[must_use]
    pub fn text_limits(&self) -> &TextLimits {
        &self.text_limits
    }

    /// What it leads to that something was taken out of the HTML of a message (R25).
    #[must_use]
    pub fn html_removal(&self) -> HtmlRemoval {
        self.html_removal
    }

    /// What may go with an e-mail.
    #[must_use]
    pub fn attachments(&self) -> &AttachmentRules {
        &self.attachments
    }

    /// How much of a message that comes in is kept.
    #[must_use]
    pub fn inbound(&self) -> &InboundLimits {
        &self.inbound
    }

    /// How it keeps to what customers wish (B5).
    #[must_use]
    pub fn consent(&self) -> &ConsentRules {
        &self.consent
    }

    /// When it writes to nobody who did not ask, by the recipient's local time (B6).
    #[must_use]
    pub fn hours(&self) -> &HoursSetup {
        &self.hours
    }

    /// How often it writes to a customer who did not ask (B6).
    #[must_use]
    pub fn caps(&self) -> &CapsSetup {
        &self.caps
    }

    /// How far an e-mail may be from its conversation and still join it (B7).
    #[must_use]
    pub fn threading(&self) -> &ThreadingPolicy {
        &self.threading
    }
}

/// How long things may take; none is zero.
#[derive(Debug, Clone)]
pub struct Timings {
    pub(super) offer: TimeDelta,
    pub(super) handover: TimeDelta,
    pub(super) wrap_up: WrapUpTimings,
    pub(super) delivery: DeliveryTimings,
    pub(super) max_park: TimeDelta,
}

impl Timings {
    /// How long an agent is asked to take a task, where its queue does not say otherwise.
    #[must_use]
    pub fn offer(&self) -> TimeDelta {
        self.offer
    }

    /// How long a holder is asked to hand a conversation over (B4).
    #[must_use]
    pub fn handover(&self) -> TimeDelta {
        self.handover
    }

    /// How long wrap-up may take (R50).
    #[must_use]
    pub fn wrap_up(&self) -> &WrapUpTimings {
        &self.wrap_up
    }

    /// How messages are retried (B10).
    #[must_use]
    pub fn delivery(&self) -> &DeliveryTimings {
        &self.delivery
    }

    /// How long a conversation may be parked (B13).
    #[must_use]
    pub fn max_park(&self) -> TimeDelta {
        self.max_park
    }
}

/// How long wrap-up may take (R50).
#[derive(Debug, Clone)]
pub struct WrapUpTimings {
    pub(super) time: TimeDelta,
    pub(super) default_reason: Arc<WrapUpReason>,
    pub(super) extension: TimeDelta,
    pub(super) max_extensions: u8,
}

impl WrapUpTimings {
    /// How long the reason is asked for.
    #[must_use]
    pub fn time(&self) -> TimeDelta {
        self.time
    }

    /// The reason that is recorded when none is given in time.
    #[must_use]
    pub fn default_reason(&self) -> &WrapUpReason {
        &self.default_reason
    }

    /// How much time one extension gives.
    #[must_use]
    pub fn extension(&self) -> TimeDelta {
        self.extension
    }

    /// How many extensions there are; 0 for none.
    #[must_use]
    pub fn max_extensions(&self) -> u8 {
        self.max_extensions
    }
}

/// How messages are retried (B10).
#[derive(Debug, Clone)]
pub struct DeliveryTimings {
    pub(super) lease: TimeDelta,
    pub(super) first_retry: TimeDelta,
    pub(super) max_retry: TimeDelta,
    pub(super) expire_after: TimeDelta,
    pub(super) max_attempts: u16,
}

impl DeliveryTimings {
    /// How long one sender holds a message before another may take it.
    #[must_use]
    pub fn lease(&self) -> TimeDelta {
        self.lease
    }

    /// The wait before the first retry.
    #[must_use]
    pub fn first_retry(&self) -> TimeDelta {
        self.first_retry
    }

    /// The longest wait between two attempts; never less than the first.
    #[must_use]
    pub fn max_retry(&self) -> TimeDelta {
        self.max_retry
    }

    /// How late a message may still be sent.
    #[must_use]
    pub fn expire_after(&self) -> TimeDelta {
        self.expire_after
    }

    /// How often a message is tried; at least once.
    #[must_use]
    pub fn max_attempts(&self) -> u16 {
        self.max_attempts
    }
}
