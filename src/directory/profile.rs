//! Multimedia profiles: how much of each class of media an agent handles at once (R5, R12).

use serde::{Deserialize, Serialize};

use crate::model::{MediaClass, PerClass, ProfileId};

/// Which offers reach an agent who is at work already (R24); it never stops a task that the agent starts (R7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlendingMode {
    /// Every class at once, each up to its limit.
    Blended,
    /// Either phone calls or chats at a time; e-mails and text messages beside them.
    BlendedRealTime,
    /// One task at a time.
    Exclusive,
}

impl BlendingMode {
    /// The mode's name as it is written down.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blended => "blended",
            Self::BlendedRealTime => "blended_real_time",
            Self::Exclusive => "exclusive",
        }
    }

    /// Whether a task of a class may be offered to an agent who holds these slots (R24).
    ///
    /// ```
    /// use outbound::directory::BlendingMode;
    /// use outbound::model::MediaClass::{Chat, Email, Voice};
    ///
    /// assert!(!BlendingMode::BlendedRealTime.permits(Chat, [Voice].into_iter()));
    /// assert!(BlendingMode::BlendedRealTime.permits(Email, [Voice].into_iter()));
    /// ```
    #[must_use]
    pub fn permits(self, class: MediaClass, mut held: impl Iterator<Item = MediaClass>) -> bool {
        match self {
            Self::Blended => true,
            Self::BlendedRealTime => !class.is_real_time() || held.all(|other| other == class || !other.is_real_time()),
            Self::Exclusive => held.next().is_none(),
        }
    }
}

/// Whether an agent has one state, or one for each channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateScope {
    /// One state for all channels.
    #[default]
    Agent,
    /// A state for each channel.
    Channel,
}

/// How many tasks of one class an agent holds at most (R12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassLimit {
    /// The slots, shared by inbound and outbound: voice 0 or 1, the others 0 to 5.
    pub slots: u8,
    /// How many outbound tasks an agent may hold and still start another, where it is fewer than all slots; for e-mail and
    /// social only (R2). It governs starting (R12): an outbound task that is transferred to an agent needs a slot, no more.
    #[serde(default)]
    pub outbound: Option<u8>,
}

impl ClassLimit {
    /// Slots that inbound and outbound share alike.
    #[must_use]
    pub const fn of(slots: u8) -> Self {
        Self { slots, outbound: None }
    }
}

/// How much of each class of media an agent handles at once (R5, R12).
#[derive(Debug, Clone)]
pub struct Profile {
    pub(super) id: ProfileId,
    pub(super) name: String,
    pub(super) blending: BlendingMode,
    pub(super) states: StateScope,
    pub(super) limits: PerClass<ClassLimit>,
}

impl Profile {
    /// The profile's id.
    #[must_use]
    pub fn id(&self) -> &ProfileId {
        &self.id
    }

    /// The name that a desk shows.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which offers it permits (R24).
    #[must_use]
    pub fn blending(&self) -> BlendingMode {
        self.blending
    }

    /// Whether its agents have one state, or one for each channel.
    #[must_use]
    pub fn states(&self) -> StateScope {
        self.states
    }

    /// How many slots of a class there are, for inbound and outbound together (R12); 0 where it is not handled (R5).
    #[must_use]
    pub fn limit(&self, class: MediaClass) -> u8 {
        self.limits.get(class).slots
    }

    /// At how many outbound tasks of a class nothing more can be started (R12): all slots, unless a lower limit is set.
    #[must_use]
    pub fn outbound_limit(&self, class: MediaClass) -> u8 {
        let limit = self.limits.get(class);
        limit.outbound.unwrap_or(limit.slots).min(limit.slots)
    }

    /// Whether outbound tasks of a class have a limit of their own (R12).
    #[must_use]
    pub fn has_outbound_limit(&self, class: MediaClass) -> bool {
        self.limits.get(class).outbound.is_some()
    }
}

/// Whose profile it is that an agent works with (R5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileLevel {
    /// The agent's own.
    Agent,
    /// That of the team signed in to.
    Team,
    /// That of the team's site.
    Site,
}

/// The profile that an agent works with, and whose it is (R5).
#[derive(Debug, Clone, Copy)]
pub struct Resolved<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// Whose it is.
    pub level: ProfileLevel,
}
