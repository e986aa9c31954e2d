//! The catalogue: every code with its rule and category, in the order in which reasons are given.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Retry;

/// A rule of the domain: `R1` to `R50`, `B1` to `B17`, or one of the host's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A rule of the mission.
    R(u8),
    /// A rule beyond it.
    B(u8),
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::R(number) => write!(f, "R{number}"),
            Self::B(number) => write!(f, "B{number}"),
        }
    }
}

/// What kind of "no" it is: small and closed on purpose, so that a host matches all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Something that was named does not exist.
    NotFound,
    /// The input is not acceptable as it is.
    Invalid,
    /// This agent or organization may not do this.
    NotAllowed,
    /// Not in the present state.
    WrongState,
    /// A limit is reached.
    AtCapacity,
    /// Somebody else's work is in the way.
    Conflict,
}

impl Category {
    /// The HTTP status that suits it.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Invalid => 422,
            Self::NotAllowed => 403,
            Self::WrongState | Self::Conflict => 409,
            Self::AtCapacity => 429,
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "not found",
            Self::Invalid => "invalid",
            Self::NotAllowed => "not allowed",
            Self::WrongState => "wrong state",
            Self::AtCapacity => "at capacity",
            Self::Conflict => "conflict",
        })
    }
}

/// A host's own code, such as `acme.vip_only` (B17): lower-case words and digits, joined by `_`, at least one dot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostCode(Arc<str>);

/// Why a text is not a host's code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HostCodeError {
    /// Not of the form `name.reason`.
    #[error("`{0}` is not of the form `name.reason`, in lower-case letters, digits and `_`")]
    Form(String),
    /// The library's own.
    #[error("`{0}` begins as the library's own codes do")]
    Reserved(String),
}

impl HostCode {
    /// Parses a code.
    ///
    /// # Errors
    /// [`HostCodeError`] where the form is wrong or the first word is one of the library's.
    pub fn parse(text: &str) -> Result<Self, HostCodeError> {
        let code = Self::of_any_build(text)?;
        let first = |code: &str| code.split('.').next().map(str::to_owned);
        if Code::ALL.iter().any(|known| first(known.as_str()) == first(text)) {
            return Err(HostCodeError::Reserved(text.into()));
        }
        Ok(code)
    }

    /// A code as it was written down, be it a host's or one that a newer build of the library knows.
    fn of_any_build(text: &str) -> Result<Self, HostCodeError> {
        let word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        if !text.contains('.') || !text.split('.').all(word) {
            return Err(HostCodeError::Form(text.into()));
        }
        Ok(Self(text.into()))
    }

    /// The code's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for HostCode {
    type Err = HostCodeError;
    fn from_str(text: &str) -> Result<Self, HostCodeError> {
        Self::parse(text)
    }
}

macro_rules! catalogue {
    ($($name:ident = $text:literal, $letter:ident $number:literal, $category:ident, $retry:ident;)*) => {
        /// The stable code of a refusal. A code is never renamed, and never given another meaning.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!("`", $text, "` (", stringify!($letter), $number, ")")] $name,)*
            /// A rule of the host's own (B17); or, where a record is read that a newer build wrote, a code that only that build
            /// knows.
            Host(HostCode),
        }

        impl Code {
            /// Every code of the library, in the order of the catalogue.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Host(code) => code.as_str(),
                }
            }

            /// The code's name in this enumeration.
            #[must_use]
            pub const fn variant(&self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                    Self::Host(_) => "Host",
                }
            }

            /// The rule that says no.
            #[must_use]
            pub const fn rule(&self) -> Rule {
                match self {
                    $(Self::$name => Rule::$letter($number),)*
                    Self::Host(_) => Rule::B(17),
                }
            }

            /// What kind of "no" it is.
            #[must_use]
            pub const fn category(&self) -> Category {
                match self {
                    $(Self::$name => Category::$category,)*
                    Self::Host(_) => Category::NotAllowed,
                }
            }

            /// When asking again could succeed, unless the refusal knows better.
            #[must_use]
            pub const fn usual_retry(&self) -> Retry {
                match self {
                    $(Self::$name => Retry::$retry,)*
                    Self::Host(_) => Retry::Never,
                }
            }
        }
    };
}

catalogue! {
    // The agent.
    AgentUnknown = "agent.unknown", R 8, NotFound, WhenSetUpChanges;
    LicenceNotPremium = "licence.not_premium", R 3, NotAllowed, WhenSetUpChanges;
    LicenceNoDigitalAccess = "licence.no_digital_access", R 3, NotAllowed, WhenSetUpChanges;
    OrganizationNotDigital = "organization.not_digital", R 4, NotAllowed, WhenSetUpChanges;
    AgentSignedOut = "agent.signed_out", R 8, WrongState, WithOtherInput;
    AgentSignedIn = "agent.signed_in", R 8, WrongState, WithOtherInput;
    AgentNotInTeam = "agent.not_in_team", R 5, NotAllowed, WhenSetUpChanges;
    AgentIdle = "agent.idle", R 6, WrongState, WithOtherInput;
    AgentInRona = "agent.in_rona", R 6, WrongState, WithOtherInput;
    AgentNotInRona = "agent.not_in_rona", R 6, WrongState, WithOtherInput;
    AgentStateNotPerChannel = "agent.state_not_per_channel", R 6, NotAllowed, WhenSetUpChanges;
    AgentIdleReasonUnknown = "agent.idle_reason_unknown", R 6, NotFound, WithOtherInput;
    AgentHoldsWork = "agent.holds_work", R 8, WrongState, WithOtherInput;
    // The channel and its limits.
    ChannelNotOutbound = "channel.not_outbound", R 2, NotAllowed, Never;
    ProfileAbsent = "profile.absent", R 5, NotAllowed, WhenSetUpChanges;
    ProfileChannelNotAllowed = "profile.channel_not_allowed", R 5, NotAllowed, WhenSetUpChanges;
    CapacityFull = "capacity.full", R 12, AtCapacity, WithOtherInput;
    CapacityOutboundFull = "capacity.outbound_full", R 12, AtCapacity, WithOtherInput;
    CapacityBlended = "capacity.blending", R 24, AtCapacity, Later;
    // The entry point.
    EntryPointNoneConfigured = "entry_point.none_configured", R 17, NotAllowed, WhenSetUpChanges;
    EntryPointUnknown = "entry_point.unknown", R 16, NotFound, WithOtherInput;
    EntryPointOtherChannel = "entry_point.other_channel", R 16, Invalid, WithOtherInput;
    EntryPointDisabled = "entry_point.disabled", R 16, NotAllowed, WhenSetUpChanges;
    // The customer.
    AddressNoCountryCode = "address.no_country_code", R 14, Invalid, WithOtherInput;
    AddressNotANumber = "address.not_a_number", R 14, Invalid, WithOtherInput;
    AddressNumberNotValid = "address.number_not_valid", R 14, Invalid, WithOtherInput;
    AddressCannotReceiveSms = "address.cannot_receive_sms", R 14, Invalid, WithOtherInput;
    AddressNotAnEmail = "address.not_an_email", R 15, Invalid, WithOtherInput;
    AddressOtherChannel = "address.other_channel", R 15, Invalid, WithOtherInput;
    CustomerMismatch = "customer.mismatch", R 26, Conflict, WithOtherInput;
    ConsentOptedOut = "consent.opted_out", B 5, NotAllowed, WithOtherInput;
    ConsentSuppressed = "consent.suppressed", B 5, NotAllowed, Later;
    ConversationExists = "conversation.exists", R 11, Conflict, WithOtherInput;
    ConversationHeld = "conversation.held", B 4, Conflict, WithOtherInput;
    // The conversation and its task.
    ConversationUnknown = "conversation.unknown", R 21, NotFound, WithOtherInput;
    ConversationClosed = "conversation.closed", R 39, WrongState, Never;
    TaskNotYours = "task.not_yours", R 41, NotAllowed, WithOtherInput;
    TaskNotActive = "task.not_active", R 42, WrongState, WithOtherInput;
    TaskFrozen = "task.frozen", R 47, WrongState, WithOtherInput;
    TaskHeldByAgent = "task.held_by_agent", R 42, WrongState, WithOtherInput;
    HolderPresent = "task.holder_present", R 21, WrongState, WhenSetUpChanges;
    // What is written.
    MessageBlank = "message.blank", R 25, Invalid, WithOtherInput;
    MessageTooLong = "message.too_long", R 25, Invalid, WithOtherInput;
    MessageTooManySegments = "message.too_many_segments", B 8, Invalid, WithOtherInput;
    MessageEmailOnly = "message.email_only", R 25, Invalid, WithOtherInput;
    MessageDeadlinePassed = "message.deadline_passed", R 36, Invalid, WithOtherInput;
    TemplateUnknown = "template.unknown", R 25, NotFound, WithOtherInput;
    TemplateOtherChannel = "template.other_channel", R 25, Invalid, WithOtherInput;
    TemplateVariablesMissing = "template.variables_missing", R 25, Invalid, WithOtherInput;
    TemplateVariablesUnknown = "template.variables_unknown", R 25, Invalid, WithOtherInput;
    TemplateValueNotALine = "template.value_not_a_line", R 25, Invalid, WithOtherInput;
    SubjectMissing = "subject.missing", R 27, Invalid, WithOtherInput;
    SubjectNotASubject = "subject.not_a_subject", R 27, Invalid, WithOtherInput;
    SubjectUsed = "subject.used", R 27, Conflict, WithOtherInput;
    HtmlCleaned = "content.html_cleaned", R 25, Invalid, WithOtherInput;
    AttachmentTooMany = "attachment.too_many", R 25, Invalid, WithOtherInput;
    AttachmentTooLarge = "attachment.too_large", R 25, Invalid, WithOtherInput;
    AttachmentTotalTooLarge = "attachment.total_too_large", R 25, Invalid, WithOtherInput;
    AttachmentTypeForbidden = "attachment.type_forbidden", R 25, NotAllowed, WithOtherInput;
    AttachmentNameNotAcceptable = "attachment.name_not_acceptable", R 25, Invalid, WithOtherInput;
    ImageForbidden = "image.forbidden", R 28, NotAllowed, WhenSetUpChanges;
    ImageTooLarge = "image.too_large", R 30, Invalid, WithOtherInput;
    ImageNotAnImage = "image.not_an_image", R 31, Invalid, WithOtherInput;
    ImageNotAsDeclared = "image.not_as_declared", R 31, Invalid, WithOtherInput;
    ImageNoHost = "image.no_host", R 31, NotAllowed, WhenSetUpChanges;
    ImageNotShown = "image.not_shown", R 32, Invalid, WithOtherInput;
    ImageNotGiven = "image.not_given", R 32, Invalid, WithOtherInput;
    ImageEmbedded = "image.embedded", R 32, Invalid, WithOtherInput;
    ContentIdNotSupported = "content.content_id_not_supported", R 34, Invalid, WithOtherInput;
    ZoneUnknown = "zone.unknown", B 6, NotFound, WithOtherInput;
    HoursQuiet = "hours.quiet", B 6, NotAllowed, Later;
    CapsReached = "caps.reached", B 6, AtCapacity, Later;
    OverrideNotAllowed = "override.not_allowed", B 6, NotAllowed, WithOtherInput;
    CustomerWroteMeanwhile = "conversation.customer_wrote_meanwhile", B 11, Conflict, WithOtherInput;
    WorkflowUnknown = "workflow.unknown", R 35, NotFound, WithOtherInput;
    WorkflowEventOnly = "workflow.event_only", R 38, NotAllowed, Never;
    ConferenceNotSupported = "conference.not_supported", R 37, NotAllowed, Never;
    // Offers and transfers.
    OfferNotPending = "offer.not_pending", R 49, WrongState, Never;
    OfferNotYours = "offer.not_yours", R 49, NotAllowed, Never;
    OfferLapsed = "offer.lapsed", R 49, WrongState, Never;
    TransferPending = "transfer.pending", R 48, WrongState, WithOtherInput;
    TransferNotPending = "transfer.not_pending", R 49, WrongState, WithOtherInput;
    TransferToSelf = "transfer.to_self", R 43, Invalid, WithOtherInput;
    TransferHopLimit = "transfer.hop_limit", B 13, AtCapacity, WhenSetUpChanges;
    TargetUnknown = "target.unknown", R 40, NotFound, WithOtherInput;
    TargetSignedOut = "target.signed_out", R 46, WrongState, Later;
    TargetNotAvailable = "target.not_available", R 46, WrongState, WithOtherInput;
    TargetNotEquipped = "target.not_equipped", R 5, NotAllowed, WhenSetUpChanges;
    TargetFull = "target.full", R 12, AtCapacity, WithOtherInput;
    TargetBlended = "target.blending", R 24, AtCapacity, WithOtherInput;
    TargetWrapsUp = "target.wraps_up", R 50, WrongState, WithOtherInput;
    TargetNotInQueue = "target.not_in_queue", R 44, NotAllowed, WithOtherInput;
    QueueUnknown = "queue.unknown", R 44, NotFound, WithOtherInput;
    QueueOtherChannel = "queue.other_channel", R 44, Invalid, WithOtherInput;
    QueueEmpty = "queue.empty", R 49, WrongState, Later;
    QueueNoAgent = "queue.no_agent", R 49, AtCapacity, Later;
    HandoverNotAsked = "handover.not_asked", B 4, WrongState, Never;
    HandoverPending = "handover.pending", B 4, Conflict, WithOtherInput;
    ParkingNotAllowed = "parking.time_not_allowed", B 13, Invalid, WithOtherInput;
    ParkingNotParked = "parking.not_parked", B 13, WrongState, WithOtherInput;
    // Wrap-up.
    WrapUpNotOwed = "wrap_up.not_owed", R 50, WrongState, WithOtherInput;
    WrapUpReasonUnknown = "wrap_up.reason_unknown", R 50, NotFound, WithOtherInput;
    WrapUpExtensionsUsed = "wrap_up.extensions_used", R 50, AtCapacity, WithOtherInput;
    // Slots that other systems use, and deliveries.
    InteractionKnown = "interaction.known", R 24, Conflict, Later;
    InteractionUnknown = "interaction.unknown", R 24, NotFound, WithOtherInput;
    MessageUnknown = "message.unknown", R 36, NotFound, Later;
    MessageNotSent = "message.not_sent", R 36, Invalid, Never;
    MessageNotFailed = "message.not_failed", B 10, WrongState, WithOtherInput;
    MessageRetried = "message.retried", B 10, Conflict, Never;
    DeliveryBacklog = "delivery.backlog", B 10, AtCapacity, Later;
    DeliveryNotDue = "delivery.not_due", R 36, WrongState, WithOtherInput;
}

impl Code {
    /// The order of the catalogue; the host's codes come last, in the order in which they stand.
    pub(crate) fn in_catalogue_order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Host(_), Self::Host(_)) => Ordering::Equal,
            _ => self.cmp(other),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.as_str().into()
    }
}

impl TryFrom<String> for Code {
    type Error = HostCodeError;
    fn try_from(text: String) -> Result<Self, HostCodeError> {
        match Self::ALL.iter().find(|code| code.as_str() == text) {
            Some(code) => Ok(code.clone()),
            None => HostCode::of_any_build(&text).map(Self::Host),
        }
    }
}
