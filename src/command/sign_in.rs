//! Signing in to a team (R5, R8).

use serde::{Deserialize, Serialize};

use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{AgentId, ChosenState, Key, Presence, PresenceEvent, TeamId};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// An agent signs in to a team (R8).
///
/// Refused with `agent.unknown`, `agent.signed_in`, `agent.not_in_team`, `agent.idle_reason_unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The agent.
    pub agent: AgentId,
    /// The team, whose profile counts where the agent has none (R5).
    pub team: TeamId,
    /// The state to begin in.
    pub state: ChosenState,
}

impl sealed::Sealed for SignIn {}

impl Command for SignIn {
    type Output = Done;
    const NAME: &'static str = "sign_in";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::presence(&self.agent)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let presence = view.presence(&self.agent)?;
        let checks = &mut draft.checks;
        let agent = rules::needed_agent(checks, cx.directory(), &self.agent)?;
        rules::not_signed_in(checks, &self.agent, presence.map(|presence| &**presence));
        rules::team_of_agent(checks, agent, &self.team);
        rules::known_state(checks, cx.directory(), &self.state);
        draft.checks.all_hold()?;
        let (agent, team, state) = (self.agent.clone(), self.team.clone(), self.state.clone().into());
        let event = PresenceEvent::SignedIn { agent, team, state };
        match presence {
            Some(presence) => draft.record(presence, event),
            None => draft.begin::<Presence>(Key::presence(&self.agent), event),
        }
        Ok(Done)
    }
}
