//! Giving a task to somebody else, and what cannot be done with it.

use std::sync::Arc;

use outbound::command::{
    Accept, Close, Conference, OnConflict, RecoverFromRona, RouteNext, SendMessage, Target, Transfer, TriggerWorkflow,
};
use outbound::directory::WorkflowTrigger;
use outbound::directory::search::fold;
use outbound::model::{AgentId, By, Channel, ChosenState, ConversationId, QueueId, State, Wording};
use outbound::query::{Overview, TransferTargets};
use outbound::record::Transferred;
use outbound::refusal::{Language, Refusals};

use super::{close, wrap_up};
use crate::cast::{self, MARIA, OTHERS};
use crate::story::{Story, Thread, Told, skip};

/// R44 to R46: whom a task can go to, with every reason why not, and a search that knows no accents.
pub(super) fn targets(story: &mut Story) -> Told {
    let Thread { conversation, .. } = story.maria()?;
    let everybody = show_targets(story, conversation, "")?;
    for name in everybody {
        show_targets(story, conversation, &fold(&name).to_uppercase())?;
    }
    show_targets(story, conversation, "nobody of that name")?;
    Ok(())
}

/// Shows the list, and answers the names of its last queue and its last agent.
fn show_targets(story: &mut Story, conversation: ConversationId, search: &str) -> Told<Vec<String>> {
    let what = if search.is_empty() { "everybody".to_owned() } else { format!("\"{search}\"") };
    story.screen.act(story.now(), "The desk", &format!("lists whom it can be transferred to, searched for {what}"));
    let list = story.ask(&TransferTargets::new(conversation, 20, 20).search(search))?;
    for queue in &list.queues {
        story.screen.answer(&format!("queue {}", queue.name));
    }
    for agent in &list.agents {
        let state = agent.state.as_ref().map_or("signed out", State::as_str);
        let can = |why: &Refusals| why.primary().says(Language::English);
        let can = agent.refusals.as_ref().map_or("can be asked".to_owned(), can);
        story.screen.answer(&format!("agent {:<16} {state:<10} {can}", agent.name));
    }
    if list.queues.is_empty() && list.agents.is_empty() {
        story.screen.answer("nobody");
    }
    let queue = list.queues.last().map(|queue| queue.name.clone());
    Ok(queue.into_iter().chain(list.agents.last().map(|agent| agent.name.clone())).collect())
}

/// R47, R49: frozen while the target is asked; unfrozen when nobody answers.
pub(super) fn unanswered(story: &mut Story) -> Told {
    let Thread { conversation, holder, .. } = story.maria()?;
    let channel = story.channel()?;
    let from = story.entry_point(channel)?;
    let list = story.ask(&TransferTargets::new(conversation, 0, 100))?;
    let Some(target) = list.agents.iter().find(|target| target.is_available()) else {
        return skip("no other agent is available");
    };
    let name = story.name(&holder);
    let transfer = Transfer { agent: holder.clone(), conversation, to: Target::Agent(target.id.clone()) };
    let Transferred::Asked(asked) = story.run(&name, &format!("transfers it to {}", target.name), &transfer)? else {
        return Ok(());
    };
    story.screen.answer(&format!("{} is asked until {}", target.name, asked.expires.format("%H:%M:%S")));
    story.show_task(&holder, conversation)?;
    let message = SendMessage::new(holder.clone(), conversation, Wording::text("Are you there?"));
    story.refused(&name, "tries to send meanwhile", &message)?;
    story.refused(&name, "tries to close meanwhile", &Close { by: By::Agent(holder.clone()), conversation })?;
    let received = story.receive(&MARIA, &from, "Which day was it?")?;
    story.screen.answer("arrives in the frozen conversation");
    story.wait(asked.expires - story.now())?;
    story.show_task(&holder, conversation)?;
    let text = "On Thursday, in the afternoon.";
    let answer = SendMessage::new(holder.clone(), conversation, Wording::text(text)).having_seen(received.message);
    story.run(&name, &format!("answers: \"{text}\""), &answer)?;
    story.maria = Some(Thread { conversation, holder, seen: Some(received.message) });
    story.deliver()
}

/// R6: RONA stops offers, not the agent's own starts; and starting does not leave it.
pub(super) fn from_rona(story: &mut Story) -> Told {
    let directory = Arc::clone(&story.directory);
    let channel = story.channel()?;
    let mut in_rona = None;
    for agent in cast::starters(&directory, channel) {
        let presence = story.ask(&Overview { agent: agent.id().clone() })?.presence;
        let state =
            presence.and_then(|presence| presence.state(channel.class()).map(|standing| standing.state.clone()));
        if state == Some(State::Rona) {
            in_rona = Some(agent.id().clone());
        }
    }
    let Some(agent) = in_rona else { return skip("nobody who can start a conversation is in RONA") };
    let [_, _, who, ..] = &OTHERS;
    for channel in [Channel::Sms, Channel::Email] {
        if !directory.agent(&agent).is_some_and(|agent| cast::can_start(&directory, agent, channel)) {
            continue;
        }
        let from = story.entry_point(channel)?;
        let started = story.start(&agent, &from, who, OnConflict::Refuse)?;
        let presence = story.ask(&Overview { agent: agent.clone() })?.presence;
        let still = presence.as_ref().and_then(|presence| presence.state(channel.class()));
        let state = still.map_or("signed out", |standing| standing.state.as_str());
        story.screen.answer(&format!("conversation {}; the agent's state is {state}", started.conversation));
        close(story, &agent, started.conversation)?;
    }
    let recover = RecoverFromRona { agent: agent.clone(), state: ChosenState::Available };
    story.run(&story.name(&agent), "recovers from RONA", &recover)?;
    Ok(())
}

/// R49: a transfer to a queue is done when it is queued; whoever is asked next must accept.
pub(super) fn through_a_queue(story: &mut Story) -> Told {
    let Thread { conversation, holder, seen } = story.maria()?;
    let list = story.ask(&TransferTargets::new(conversation, 1, 0))?;
    let Some(queue) = list.queues.first() else { return skip("no queue takes the channel") };
    let transfer = Transfer { agent: holder.clone(), conversation, to: Target::Queue(queue.id.clone()) };
    story.run(&story.name(&holder), &format!("transfers it to queue {}", queue.name), &transfer)?;
    let taken_by = route(story, &queue.id)?;
    wrap_up(story, &holder, conversation)?;
    story.show_task(&taken_by, conversation)?;
    story.maria = Some(Thread { conversation, holder: taken_by, seen });
    Ok(())
}

/// Offers a queue's next task to whoever has been available the longest, who accepts.
pub(super) fn route(story: &mut Story, queue: &QueueId) -> Told<AgentId> {
    let offered = story.run(
        "The router",
        &format!("asks for an agent for queue `{queue}`"),
        &RouteNext { queue: queue.clone(), agent: None },
    )?;
    let name = story.name(&offered.to);
    story.screen.answer(&format!("{name} is asked until {}", offered.expires.format("%H:%M:%S")));
    let accept = Accept { agent: offered.to.clone(), conversation: offered.conversation, offer: offered.offer };
    let answered = story.run(&name, "accepts", &accept)?;
    story.screen.answer(&format!("{answered:?}"));
    Ok(offered.to)
}

/// R35, R37, R38.
pub(super) fn not_supported(story: &mut Story) -> Told {
    let directory = Arc::clone(&story.directory);
    let Thread { conversation, holder: agent, .. } = story.maria()?;
    let name = story.name(&agent);
    story.refused(&name, "asks for a conference", &Conference { agent: agent.clone(), conversation })?;
    for workflow in directory.workflows() {
        let trigger = TriggerWorkflow { agent: agent.clone(), conversation, workflow: workflow.id().clone() };
        let what = format!("triggers workflow \"{}\"", workflow.name());
        match workflow.trigger() {
            WorkflowTrigger::Manual => {
                story.run(&name, &what, &trigger)?;
                story.screen.answer("done; the event tells the host to run it");
            }
            WorkflowTrigger::Event => story.refused(&name, &what, &trigger)?,
        }
    }
    Ok(())
}
