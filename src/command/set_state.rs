//! Setting an agent's state, for all channels or one class of them (R6).

use serde::{Deserialize, Serialize};

use super::moves::keeps_states_apart;
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{AgentId, ChosenState, Key, MediaClass, PresenceEvent};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// An agent sets their state (R6). What the agent holds or is offered stays as it is.
///
/// Refused with `agent.unknown`, `agent.signed_out`, `agent.in_rona`, `agent.state_not_per_channel`,
/// `agent.idle_reason_unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetState {
    /// The agent.
    pub agent: AgentId,
    /// For which class, where the profile keeps states per channel; for all where absent.
    #[serde(default)]
    pub class: Option<MediaClass>,
    /// The state.
    pub state: ChosenState,
}

impl sealed::Sealed for SetState {}

impl Command for SetState {
    type Output = Done;
    const NAME: &'static str = "set_state";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::presence(&self.agent)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let found = view.presence(&self.agent)?;
        let checks = &mut draft.checks;
        rules::needed_agent(checks, cx.directory(), &self.agent)?;
        rules::known_state(checks, cx.directory(), &self.state);
        let session = rules::signed_in(checks, &self.agent, found.map(|presence| &**presence));
        if let (Some(session), Some(presence)) = (session, found) {
            rules::states_per_channel(checks, &self.agent, keeps_states_apart(cx, presence), self.class);
            rules::not_in_rona(checks, &self.agent, session, self.class);
        }
        draft.checks.all_hold()?;
        let event = PresenceEvent::StateSet { class: self.class, state: self.state.clone().into() };
        draft.record(view.named_presence(&self.agent)?, event);
        Ok(Done)
    }
}
