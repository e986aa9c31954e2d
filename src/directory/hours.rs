//! When and how often the organization writes to customers who did not ask (B6).

use serde::{Deserialize, Serialize};

use crate::hours::{Caps, QuietHours, ZoneId};
use crate::model::Channel;

/// What becomes of a message that would reach its recipient in quiet hours (B6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuietMode {
    /// It is refused.
    #[default]
    Refuse,
    /// It waits until they are over; where that is too late for it, it is refused.
    Defer,
}

/// When nothing is sent, by the recipient's local time (B6); never by default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HoursSetup {
    /// What becomes of a message.
    pub mode: QuietMode,
    /// The quiet hours of text messages.
    pub sms: QuietHours,
    /// The quiet hours of e-mail.
    pub email: QuietHours,
    /// The zones of a recipient of whom none is told and none follows from the number. Without any, every zone of the world
    /// counts: never none. So does one that the table of zones does not know ([`Zones::knows`](crate::hours::Zones::knows) tells a
    /// host before).
    pub assumed_zones: Vec<ZoneId>,
    /// For how many minutes after the customer's message an answer to it is one that was asked for; 0 by default.
    pub answers_exempt_minutes: u16,
    /// Whether an agent may override them, with a reason.
    pub overridable: bool,
}

impl HoursSetup {
    /// The quiet hours of a channel; none where nothing is ever quiet.
    #[must_use]
    pub fn on(&self, channel: Channel) -> Option<&QuietHours> {
        let hours = match channel {
            Channel::Sms => &self.sms,
            Channel::Email => &self.email,
            Channel::Voice | Channel::Chat => return None,
        };
        Some(hours).filter(|hours| !hours.is_empty())
    }
}

/// How often a customer is written to, over all addresses and channels (B6); without end by default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CapsSetup {
    /// The caps; all of them hold.
    pub limits: Caps,
    /// For how many minutes after the customer's message an answer to it is one that was asked for, and does not count; 0 by
    /// default.
    pub answers_exempt_minutes: u16,
    /// Whether an agent may override them, with a reason.
    pub overridable: bool,
}

impl CapsSetup {
    /// The caps; none where there is no limit.
    #[must_use]
    pub fn limits(&self) -> Option<&Caps> {
        Some(&self.limits).filter(|caps| !caps.as_slice().is_empty())
    }

    /// How many times at which a customer was written to are worth keeping.
    #[must_use]
    pub fn keep(&self) -> u16 {
        self.limits.as_slice().iter().map(crate::hours::Cap::count).max().unwrap_or_default()
    }
}
