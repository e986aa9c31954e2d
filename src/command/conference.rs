//! Asking for a conference, which is always refused (R37).

use serde::{Deserialize, Serialize};

use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{AgentId, ConversationId, Key};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// An agent asks for a conference on a conversation: refused, with its code, so that a desk can say why (R37).
///
/// Refused with `conversation.unknown`, `conference.not_supported`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conference {
    /// The agent.
    pub agent: AgentId,
    /// The conversation.
    pub conversation: ConversationId,
}

impl sealed::Sealed for Conference {}

impl Command for Conference {
    type Output = Done;
    const NAME: &'static str = "conference";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation)]
    }

    fn decide(&self, _cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let found = view.conversation(self.conversation)?;
        let conversation = rules::known_conversation(&mut draft.checks, found, self.conversation)?;
        rules::no_conference(&mut draft.checks, conversation);
        draft.checks.all_hold()?;
        Ok(Done)
    }
}
