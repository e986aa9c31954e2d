//! Interactions that another system handles, a voice call or an inbound chat: they use slots (R23, R24).

use serde::{Deserialize, Serialize};

use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{AgentId, InteractionId, Key, MediaClass, Occupant, PresenceEvent};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// How an interaction came to its agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InteractionHow {
    /// It is offered: the agent must be Available, and the blending mode must let it through (R24).
    Offered,
    /// The agent started it: only the slots count (R7).
    SelfStarted,
}

/// An interaction of another system takes a slot.
///
/// Refused with `agent.unknown`, `agent.signed_out`, `agent.idle`, `agent.in_rona`, `profile.absent`,
/// `profile.channel_not_allowed`, `capacity.full`, `capacity.blending`, `interaction.known`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginInteraction {
    /// The agent.
    pub agent: AgentId,
    /// The class whose slot it takes.
    pub class: MediaClass,
    /// Its id in the other system.
    pub interaction: InteractionId,
    /// How it came to the agent.
    pub how: InteractionHow,
}

impl sealed::Sealed for BeginInteraction {}

impl Command for BeginInteraction {
    type Output = Done;
    const NAME: &'static str = "begin_interaction";

    fn actor(&self) -> Actor {
        Actor::Host
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::presence(&self.agent)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let directory = cx.directory();
        let found = view.presence(&self.agent)?;
        let checks = &mut draft.checks;
        let agent = rules::needed_agent(checks, directory, &self.agent)?;
        let session = rules::signed_in(checks, &self.agent, found.map(|presence| &**presence));
        let profile = rules::profile(checks, directory, agent, session);
        if let (Some(presence), Some(session), Some(profile)) = (found, session, profile) {
            rules::interaction_new(checks, presence, &self.interaction);
            if self.how == InteractionHow::Offered {
                rules::available(checks, &self.agent, session, self.class);
                rules::blending_permits(checks, profile.profile, presence, self.class);
            }
            if rules::profile_allows(checks, &profile, self.class) {
                rules::free_slot(checks, profile.profile, presence, self.class);
            }
        }
        draft.checks.all_hold()?;
        let occupant = Occupant::Interaction { interaction: self.interaction.clone() };
        let event = PresenceEvent::SlotTaken { class: self.class, outbound: false, occupant };
        draft.record(view.named_presence(&self.agent)?, event);
        Ok(Done)
    }
}

/// An interaction of another system is over, and its slot is free.
///
/// Refused with `interaction.unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndInteraction {
    /// The agent.
    pub agent: AgentId,
    /// Its id in the other system.
    pub interaction: InteractionId,
}

impl sealed::Sealed for EndInteraction {}

impl Command for EndInteraction {
    type Output = Done;
    const NAME: &'static str = "end_interaction";

    fn actor(&self) -> Actor {
        Actor::Host
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::presence(&self.agent)]
    }

    fn decide(&self, _cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let presence = view.presence(&self.agent)?;
        let seen = presence.map(|presence| &**presence);
        rules::interaction_known(&mut draft.checks, &self.agent, seen, &self.interaction);
        draft.checks.all_hold()?;
        let event = PresenceEvent::InteractionEnded { interaction: self.interaction.clone() };
        draft.record(view.named_presence(&self.agent)?, event);
        Ok(Done)
    }
}
