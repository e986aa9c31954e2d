//! Triggering a workflow by hand (R35, R38).

use serde::{Deserialize, Serialize};

use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{AgentId, ConversationEvent, ConversationId, Key, WorkflowId};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// The holder of a task triggers a workflow by hand; the event tells the host to run it (R35).
///
/// Refused with `conversation.unknown`, `conversation.closed`, `task.not_yours`, `task.not_active`, `task.frozen`,
/// `workflow.unknown`, `workflow.event_only`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerWorkflow {
    /// The agent who holds the task.
    pub agent: AgentId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The workflow.
    pub workflow: WorkflowId,
}

impl sealed::Sealed for TriggerWorkflow {}

impl Command for TriggerWorkflow {
    type Output = Done;
    const NAME: &'static str = "trigger_workflow";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let found = view.conversation(self.conversation)?;
        let checks = &mut draft.checks;
        let conversation = rules::known_conversation(checks, found, self.conversation)?;
        rules::holds_active(checks, &self.agent, conversation);
        rules::manual_workflow(checks, cx.directory(), &self.workflow)?;
        draft.checks.all_hold()?;
        let event = ConversationEvent::WorkflowTriggered { workflow: self.workflow.clone(), by: self.agent.clone() };
        draft.record(conversation, event);
        Ok(Done)
    }
}
