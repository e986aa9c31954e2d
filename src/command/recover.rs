//! Recovering from RONA (R6, R49).

use serde::{Deserialize, Serialize};

use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{AgentId, ChosenState, Key, MediaClass, PresenceEvent, State};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// An agent recovers from RONA, in every class that is in it, and says what state follows.
///
/// Refused with `agent.unknown`, `agent.signed_out`, `agent.not_in_rona`, `agent.idle_reason_unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoverFromRona {
    /// The agent.
    pub agent: AgentId,
    /// The state that follows.
    pub state: ChosenState,
}

impl sealed::Sealed for RecoverFromRona {}

impl Command for RecoverFromRona {
    type Output = Done;
    const NAME: &'static str = "recover_from_rona";

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
        if let Some(session) = rules::signed_in(checks, &self.agent, found.map(|presence| &**presence)) {
            rules::in_some_rona(checks, &self.agent, session);
        }
        draft.checks.all_hold()?;
        let presence = view.named_presence(&self.agent)?;
        let in_rona = |class: &MediaClass| presence.state(*class).is_some_and(|standing| standing.state == State::Rona);
        let classes: Vec<MediaClass> = MediaClass::ALL.into_iter().filter(in_rona).collect();
        let state: State = self.state.clone().into();
        if classes.len() == MediaClass::ALL.len() {
            draft.record(presence, PresenceEvent::StateSet { class: None, state });
        } else {
            for class in classes {
                draft.record(presence, PresenceEvent::StateSet { class: Some(class), state: state.clone() });
            }
        }
        Ok(Done)
    }
}
