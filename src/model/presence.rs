//! An agent's presence: signed in or not, the state per class of media, and the slots held.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::channel::{MediaClass, PerClass};
use super::id::{AgentId, ConversationId, IdleReasonId, InteractionId, OfferId, TeamId};
use super::key::Key;

/// Whether an agent can be offered work.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Ready for offers; may start conversations (R6).
    Available,
    /// Not ready, and why; may not start conversations (R6).
    Idle(IdleReasonId),
    /// Let an offer lapse (redirection on no answer): gets no offers until recovered, but may start conversations (R6).
    Rona,
}

impl State {
    /// The state's name as it is written down.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Idle(_) => "idle",
            Self::Rona => "rona",
        }
    }
}

/// A state that an agent can choose; RONA comes only from an offer that lapsed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChosenState {
    /// Ready for offers.
    Available,
    /// Not ready, and why.
    Idle(IdleReasonId),
}

impl From<ChosenState> for State {
    fn from(chosen: ChosenState) -> Self {
        match chosen {
            ChosenState::Available => Self::Available,
            ChosenState::Idle(reason) => Self::Idle(reason),
        }
    }
}

/// A state and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// The time between signing in and signing out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The team that the agent signed in to.
    pub team: TeamId,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The state per class of media; all four are equal unless the profile keeps them apart.
    pub states: PerClass<Standing>,
}

/// What a slot is held for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occupant {
    /// A task that the agent is being asked to take.
    Offer {
        /// Its conversation.
        conversation: ConversationId,
        /// The offer.
        offer: OfferId,
    },
    /// A task that the agent holds, active or frozen.
    Task {
        /// Its conversation.
        conversation: ConversationId,
    },
    /// A task that the agent closed or handed over, and whose wrap-up reason is awaited (R50).
    WrapUp {
        /// Its conversation.
        conversation: ConversationId,
        /// When the default reason is taken.
        deadline: DateTime<Utc>,
        /// How often the deadline was moved.
        extensions: u8,
    },
    /// An interaction that another system handles (R23, R24).
    Interaction {
        /// Its id there.
        interaction: InteractionId,
    },
}

impl Occupant {
    /// The conversation that it is about, if it is about one.
    #[must_use]
    pub const fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::Offer { conversation, .. } | Self::Task { conversation } | Self::WrapUp { conversation, .. } => {
                Some(*conversation)
            }
            Self::Interaction { .. } => None,
        }
    }
}

/// One held slot: an entry in the ledger that keeps an agent within the limits (R12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The class whose slot it is.
    pub class: MediaClass,
    /// Whether it is for a conversation that an agent started, which counts towards the outbound limit.
    pub outbound: bool,
    /// What it is held for.
    pub occupant: Occupant,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Slot {
    /// When a wrap-up takes the default reason.
    #[must_use]
    pub const fn deadline(&self) -> Option<DateTime<Utc>> {
        match self.occupant {
            Occupant::WrapUp { deadline, .. } => Some(deadline),
            _ => None,
        }
    }
}

/// One agent's state and slots: the record that guards "no more than the limit" and "one pending transfer".
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    agent: AgentId,
    session: Option<Session>,
    slots: Vec<Slot>,
    transferring: Option<ConversationId>,
}

impl Clone for Presence {
    /// With room for the slot that is taken next, since a copy is made to be changed.
    fn clone(&self) -> Self {
        let Self { agent, session, slots: held, transferring } = self;
        let mut slots = Vec::with_capacity(held.len() + 1);
        slots.extend_from_slice(held);
        Self { agent: agent.clone(), session: session.clone(), slots, transferring: *transferring }
    }
}

/// What happened to an agent's presence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PresenceEvent {
    /// Signed in to a team.
    SignedIn {
        /// Who.
        agent: AgentId,
        /// To which team.
        team: TeamId,
        /// In which state.
        state: State,
    },
    /// Signed out.
    SignedOut,
    /// The state changed, for one class or for all.
    StateSet {
        /// For which class; all of them where absent.
        class: Option<MediaClass>,
        /// The new state.
        state: State,
    },
    /// A slot was taken.
    SlotTaken {
        /// Of which class.
        class: MediaClass,
        /// Whether it counts towards the outbound limit.
        outbound: bool,
        /// For what.
        occupant: Occupant,
    },
    /// A slot that a conversation holds changed its use.
    SlotChanged {
        /// What it is held for now.
        occupant: Occupant,
    },
    /// The slot of a conversation was freed.
    SlotFreed {
        /// The conversation that held it.
        conversation: ConversationId,
    },
    /// The slot of a foreign interaction was freed.
    InteractionEnded {
        /// The interaction that held it.
        interaction: InteractionId,
    },
    /// A transfer by this agent is waiting for its target (R48).
    TransferPending {
        /// Of which conversation.
        conversation: ConversationId,
    },
    /// The pending transfer is over.
    TransferSettled,
}

impl Presence {
    /// The agent.
    #[must_use]
    pub const fn agent(&self) -> &AgentId {
        &self.agent
    }

    /// The session, while signed in.
    #[must_use]
    pub const fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The state for a class of media, while signed in.
    #[must_use]
    pub fn state(&self, class: MediaClass) -> Option<&Standing> {
        self.session.as_ref().map(|session| session.states.get(class))
    }

    /// The held slots, in the order in which they were taken.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The conversation whose transfer by this agent is pending (R48).
    #[must_use]
    pub const fn transferring(&self) -> Option<ConversationId> {
        self.transferring
    }

    /// How many slots of a class are held.
    #[must_use]
    pub fn used(&self, class: MediaClass) -> usize {
        self.slots.iter().filter(|slot| slot.class == class).count()
    }

    /// How many slots of a class are held for conversations that agents started.
    #[must_use]
    pub fn used_outbound(&self, class: MediaClass) -> usize {
        self.slots.iter().filter(|slot| slot.class == class && slot.outbound).count()
    }

    /// The slot that a conversation holds.
    #[must_use]
    pub fn slot_of(&self, conversation: ConversationId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.occupant.conversation() == Some(conversation))
    }

    /// When the first wrap-up reaches its deadline.
    #[must_use]
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        self.slots.iter().filter_map(Slot::deadline).min()
    }

    /// The key of its record.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::presence(&self.agent)
    }

    /// The record as its first event makes it; none where the event is not a first one.
    pub(crate) fn begin(event: &PresenceEvent, at: DateTime<Utc>) -> Option<Self> {
        let PresenceEvent::SignedIn { agent, .. } = event else { return None };
        let mut presence = Self { agent: agent.clone(), session: None, slots: Vec::new(), transferring: None };
        presence.apply(event, at);
        Some(presence)
    }

    /// Changes the record as an event says: the only way in which it changes.
    pub(crate) fn apply(&mut self, event: &PresenceEvent, at: DateTime<Utc>) {
        match event {
            PresenceEvent::SignedIn { team, state, .. } => {
                let states = PerClass::all(Standing { state: state.clone(), since: at });
                self.session = Some(Session { team: team.clone(), since: at, states });
            }
            PresenceEvent::SignedOut => self.session = None,
            PresenceEvent::StateSet { class, state } => self.set_state(*class, state, at),
            PresenceEvent::SlotTaken { class, outbound, occupant } => {
                self.slots.push(Slot { class: *class, outbound: *outbound, occupant: occupant.clone(), since: at })
            }
            PresenceEvent::SlotChanged { occupant } => {
                let of = occupant.conversation();
                if let Some(slot) = self.slots.iter_mut().find(|slot| slot.occupant.conversation() == of) {
                    slot.occupant = occupant.clone();
                }
            }
            PresenceEvent::SlotFreed { conversation } => {
                self.slots.retain(|slot| slot.occupant.conversation() != Some(*conversation));
            }
            PresenceEvent::InteractionEnded { interaction: ended } => self.slots.retain(
                |slot| !matches!(&slot.occupant, Occupant::Interaction { interaction } if interaction == ended),
            ),
            PresenceEvent::TransferPending { conversation } => self.transferring = Some(*conversation),
            PresenceEvent::TransferSettled => self.transferring = None,
        }
    }

    fn set_state(&mut self, class: Option<MediaClass>, state: &State, at: DateTime<Utc>) {
        let Some(session) = &mut self.session else { return };
        for of in MediaClass::ALL.into_iter().filter(|of| class.is_none_or(|class| class == *of)) {
            *session.states.get_mut(of) = Standing { state: state.clone(), since: at };
        }
    }
}
