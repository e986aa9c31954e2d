//! The set-up document: the organization's reference data as a host writes it down.

use serde::{Deserialize, Deserializer, Serialize};

use super::agent::Licence;
use super::consent::ConsentSetup;
use super::content::{AttachmentRules, HtmlRemoval, InboundLimits, TextLimits};
use super::hours::{CapsSetup, HoursSetup};
use super::organization::{ConflictScope, SubjectReuse};
use super::profile::{BlendingMode, ClassLimit, StateScope};
use super::threading::ThreadingPolicy;
use super::workflow::WorkflowTrigger;
use crate::model::{
    AgentId, Channel, EntryPointId, IdleReasonId, OrganizationId, PerClass, ProfileId, QueueId, SiteId, TeamId,
    TemplateSource, WorkflowId, WrapUpReasonId,
};

/// The whole set-up document, not yet checked; [`Directory::new`](super::Directory::new) does that.
///
/// What has no default must be said: a switch that was forgotten is an error, not a guess.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The version, named by each event that was decided under it.
    pub version: u64,
    /// The organization.
    pub organization: OrganizationSetup,
    /// The places that teams belong to.
    #[serde(default)]
    pub sites: Vec<SiteSetup>,
    /// The teams that agents sign in to.
    #[serde(default)]
    pub teams: Vec<TeamSetup>,
    /// The agents.
    #[serde(default)]
    pub agents: Vec<AgentSetup>,
    /// The multimedia profiles (R5).
    #[serde(default)]
    pub profiles: Vec<ProfileSetup>,
    /// The organization's own numbers and addresses (R16); without any, nothing can be started (R17).
    #[serde(default)]
    pub entry_points: Vec<EntryPointSetup>,
    /// The queues; the fallback queue is one of them.
    pub queues: Vec<QueueSetup>,
    /// The templates (R25).
    #[serde(default)]
    pub templates: Vec<TemplateSource>,
    /// The reasons for wrap-up (R50); the default reason is one of them.
    pub wrap_up_reasons: Vec<WrapUpReasonSetup>,
    /// The reasons for being idle; the one for a declined transfer is one of them (R49).
    pub idle_reasons: Vec<IdleReasonSetup>,
    /// The workflows (R35).
    #[serde(default)]
    pub workflows: Vec<WorkflowSetup>,
}

impl Setup {
    /// A set-up of the organization alone: its references still have to be declared.
    #[must_use]
    pub fn new(version: u64, organization: OrganizationSetup) -> Self {
        Self {
            version,
            organization,
            sites: Vec::new(),
            teams: Vec::new(),
            agents: Vec::new(),
            profiles: Vec::new(),
            entry_points: Vec::new(),
            queues: Vec::new(),
            templates: Vec::new(),
            wrap_up_reasons: Vec::new(),
            idle_reasons: Vec::new(),
            workflows: Vec::new(),
        }
    }
}

/// The organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationSetup {
    /// Its id.
    pub id: OrganizationId,
    /// The name that a desk shows.
    pub name: String,
    /// Whether it has enabled digital channels (R4).
    pub digital_channels: bool,
    /// Whether it is PCI-integrated (R28).
    pub pci: bool,
    /// Where tasks go whose agent, queue or entry point is no longer there.
    pub fallback_queue: QueueId,
    /// Where hosted inline images appear (R31): an `https://` URL.
    #[serde(default)]
    pub media_base_url: Option<String>,
    /// How far one conversation that is not closed blocks the next (R11).
    #[serde(default)]
    pub conflict_scope: ConflictScope,
    /// What a subject that was used before leads to (R27).
    #[serde(default)]
    pub subject_reuse: SubjectReuse,
    /// How often one conversation may be transferred (B13); 11 by default.
    #[serde(default = "defaults::max_transfers")]
    pub max_transfers: u8,
    /// The reason with which an agent who declines a transfer becomes idle (R49).
    pub declined_idle_reason: IdleReasonId,
    /// How long things may take.
    pub timings: TimingsSetup,
    /// How long messages may be.
    #[serde(default)]
    pub text_limits: TextLimits,
    /// What it leads to that something was taken out of the HTML of a message (R25).
    #[serde(default)]
    pub html_removal: HtmlRemoval,
    /// What may go with an e-mail.
    #[serde(default)]
    pub attachments: AttachmentRules,
    /// How much of a message that comes in is kept.
    #[serde(default)]
    pub inbound: InboundLimits,
    /// How it keeps to what customers wish (B5).
    #[serde(default)]
    pub consent: ConsentSetup,
    /// When it writes to nobody who did not ask, by the recipient's local time (B6).
    #[serde(default)]
    pub quiet_hours: HoursSetup,
    /// How often it writes to a customer who did not ask (B6).
    #[serde(default)]
    pub caps: CapsSetup,
    /// How far an e-mail may be from its conversation and still join it (B7).
    #[serde(default)]
    pub threading: ThreadingPolicy,
}

impl OrganizationSetup {
    /// An organization with digital channels and without PCI, and with the defaults for everything that has one. To change
    /// something: `OrganizationSetup { pci: true, ..OrganizationSetup::new(…) }`.
    #[must_use]
    pub fn new(
        id: OrganizationId,
        fallback_queue: QueueId,
        declined_idle_reason: IdleReasonId,
        timings: TimingsSetup,
    ) -> Self {
        Self {
            name: id.to_string(),
            id,
            digital_channels: true,
            pci: false,
            fallback_queue,
            media_base_url: None,
            conflict_scope: ConflictScope::default(),
            subject_reuse: SubjectReuse::default(),
            max_transfers: defaults::max_transfers(),
            declined_idle_reason,
            timings,
            text_limits: TextLimits::default(),
            html_removal: HtmlRemoval::default(),
            attachments: AttachmentRules::default(),
            inbound: InboundLimits::default(),
            consent: ConsentSetup::default(),
            quiet_hours: HoursSetup::default(),
            caps: CapsSetup::default(),
            threading: ThreadingPolicy::default(),
        }
    }
}

/// How long things may take, in seconds; none may be zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimingsSetup {
    /// How long an agent is asked to take a task; 30 by default.
    #[serde(default = "defaults::offer_seconds")]
    pub offer_seconds: u32,
    /// How long a holder is asked to hand a conversation over (B4); 60 by default.
    #[serde(default = "defaults::handover_seconds")]
    pub handover_seconds: u32,
    /// Wrap-up (R50).
    pub wrap_up: WrapUpSetup,
    /// How messages are retried (B10).
    #[serde(default)]
    pub delivery: DeliverySetup,
    /// How long a conversation may be parked (B13); 30 days by default.
    #[serde(default = "defaults::max_park_seconds")]
    pub max_park_seconds: u32,
}

impl TimingsSetup {
    /// The defaults, around the one thing that has none.
    #[must_use]
    pub fn new(default_reason: WrapUpReasonId) -> Self {
        Self {
            offer_seconds: defaults::offer_seconds(),
            handover_seconds: defaults::handover_seconds(),
            wrap_up: WrapUpSetup::new(default_reason),
            delivery: DeliverySetup::default(),
            max_park_seconds: defaults::max_park_seconds(),
        }
    }
}

/// How long wrap-up may take (R50).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrapUpSetup {
    /// How long the reason is asked for; 60 by default.
    #[serde(default = "defaults::wrap_up_seconds")]
    pub seconds: u32,
    /// The reason that is recorded when none is given in time.
    pub default_reason: WrapUpReasonId,
    /// How much time one extension gives; 60 by default.
    #[serde(default = "defaults::extension_seconds")]
    pub extension_seconds: u32,
    /// How many extensions there are; 1 by default, 0 for none.
    #[serde(default = "defaults::max_extensions")]
    pub max_extensions: u8,
}

impl WrapUpSetup {
    /// The defaults, around the one thing that has none.
    #[must_use]
    pub fn new(default_reason: WrapUpReasonId) -> Self {
        Self {
            seconds: defaults::wrap_up_seconds(),
            default_reason,
            extension_seconds: defaults::extension_seconds(),
            max_extensions: defaults::max_extensions(),
        }
    }
}

/// How messages are retried (B10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeliverySetup {
    /// How long one sender holds a message before another may take it; 60 by default.
    pub lease_seconds: u32,
    /// The wait before the first retry; 5 by default. Each further wait is twice as long, and up to a quarter more; longer where the
    /// provider [says so](crate::model::SendResult::not_before).
    pub first_retry_seconds: u32,
    /// The longest wait between two attempts; an hour by default.
    pub max_retry_seconds: u32,
    /// How late a message may still be sent; a day by default.
    pub expire_after_seconds: u32,
    /// How often a message is tried; 20 by default.
    pub max_attempts: u16,
}

impl Default for DeliverySetup {
    fn default() -> Self {
        Self {
            lease_seconds: 60,
            first_retry_seconds: 5,
            max_retry_seconds: 3600,
            expire_after_seconds: 86_400,
            max_attempts: 20,
        }
    }
}

/// A place that teams belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteSetup {
    /// Its id.
    pub id: SiteId,
    /// The name that a desk shows.
    pub name: String,
    /// The profile of agents for whom neither they nor their team have one (R5).
    #[serde(default)]
    pub profile: Option<ProfileId>,
}

/// A team that agents sign in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamSetup {
    /// Its id.
    pub id: TeamId,
    /// The name that a desk shows.
    pub name: String,
    /// The site that it belongs to.
    pub site: SiteId,
    /// The profile of its agents who have none of their own (R5).
    #[serde(default)]
    pub profile: Option<ProfileId>,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentSetup {
    /// The agent's id.
    pub id: AgentId,
    /// The name that a desk shows.
    pub name: String,
    /// What the agent is licensed for (R3).
    pub licence: Licence,
    /// Whether the agent has access to digital channels (R3).
    pub digital_access: bool,
    /// The teams that the agent may sign in to; at least one.
    pub teams: Vec<TeamId>,
    /// The agent's own profile, which goes before the team's and the site's (R5).
    #[serde(default)]
    pub profile: Option<ProfileId>,
}

/// A multimedia profile (R5, R12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileSetup {
    /// Its id.
    pub id: ProfileId,
    /// The name that a desk shows.
    pub name: String,
    /// Which offers it permits (R24).
    pub blending: BlendingMode,
    /// Whether its agents have one state, or one for each channel.
    #[serde(default)]
    pub states: StateScope,
    /// The slots of each class (R12); a class that is left out has none.
    #[serde(default, deserialize_with = "limits_or_none")]
    pub limits: PerClass<ClassLimit>,
}

/// One of the organization's own numbers or e-mail addresses (R16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryPointSetup {
    /// Its id.
    pub id: EntryPointId,
    /// The name that a desk shows.
    pub name: String,
    /// The channel: one that starts outbound (R2).
    pub channel: Channel,
    /// What a customer sees: a number, a short code or a sender name for SMS, an e-mail address for e-mail.
    pub sender: String,
    /// The queue that takes what arrives here; it has to serve the channel.
    pub queue: QueueId,
    /// Whether a conversation may be started from it (R16); `true` by default.
    #[serde(default = "defaults::enabled")]
    pub enabled: bool,
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueSetup {
    /// Its id.
    pub id: QueueId,
    /// The name that a desk shows.
    pub name: String,
    /// The channels whose tasks it takes.
    pub channels: Vec<Channel>,
    /// The teams whose agents take its tasks.
    pub teams: Vec<TeamId>,
    /// How long an agent is asked to take one of its tasks, where it is not the organization's time.
    #[serde(default)]
    pub offer_seconds: Option<u32>,
}

/// A reason given at wrap-up (R50).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrapUpReasonSetup {
    /// Its id.
    pub id: WrapUpReasonId,
    /// The name that a desk shows.
    pub name: String,
}

/// A reason for being idle (R6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdleReasonSetup {
    /// Its id.
    pub id: IdleReasonId,
    /// The name that a desk shows.
    pub name: String,
}

/// A workflow that the host runs (R35, R38).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkflowSetup {
    /// Its id.
    pub id: WorkflowId,
    /// The name that a desk shows.
    pub name: String,
    /// What sets it off.
    pub trigger: WorkflowTrigger,
}

fn limits_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<PerClass<ClassLimit>, D::Error> {
    #[derive(Default, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Limits {
        voice: ClassLimit,
        chat: ClassLimit,
        email: ClassLimit,
        social: ClassLimit,
    }
    let Limits { voice, chat, email, social } = Limits::deserialize(from)?;
    Ok(PerClass { voice, chat, email, social })
}

mod defaults {
    pub(super) fn max_transfers() -> u8 {
        11
    }
    pub(super) fn offer_seconds() -> u32 {
        30
    }
    pub(super) fn handover_seconds() -> u32 {
        60
    }
    pub(super) fn wrap_up_seconds() -> u32 {
        60
    }
    pub(super) fn extension_seconds() -> u32 {
        60
    }
    pub(super) fn max_extensions() -> u8 {
        1
    }
    pub(super) fn max_park_seconds() -> u32 {
        30 * 86_400
    }
    pub(super) fn enabled() -> bool {
        true
    }
}
