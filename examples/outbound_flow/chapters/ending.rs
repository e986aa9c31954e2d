//! Closing, coming back, and the books.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use outbound::command::{Close, ExtendWrapUp, SendMessage, SignOut, Unfinished};
use outbound::model::{By, Wording};
use outbound::query::{History, Overview, orphans};
use outbound::record::World;

use super::close;
use super::handing_over::route;
use crate::cast::MARIA;
use crate::story::{Story, Thread, Told};

/// R39, R50: closed at once; the reason is asked for until a deadline, which can be moved.
pub(super) fn closing(story: &mut Story) -> Told {
    let Thread { conversation, holder: agent, .. } = story.maria()?;
    let name = story.name(&agent);
    story.run(&name, "closes the conversation", &Close { by: By::Agent(agent.clone()), conversation })?;
    let more = ExtendWrapUp { agent: agent.clone(), conversation };
    story.run(&name, "asks for more time to wrap up", &more)?;
    story.refused(&name, "asks for more and more time", &more)?;
    let presence = story.ask(&Overview { agent: agent.clone() })?.presence;
    let deadline = presence.and_then(|presence| presence.next_deadline());
    story.wait(deadline.map_or_else(TimeDelta::zero, |deadline| deadline - story.now()))?;
    let late = SendMessage::new(agent.clone(), conversation, Wording::text("By the way"));
    story.refused(&name, "sends something after the end", &late)
}

/// R39: the next contact makes a new conversation, which keeps the history.
pub(super) fn writes_again(story: &mut Story) -> Told {
    let Thread { conversation: before, .. } = story.maria()?;
    let channel = story.channel()?;
    let from = story.entry_point(channel)?;
    let received = story.receive(&MARIA, &from, "It is me again.")?;
    let queue = from.queue();
    story.screen.answer(&format!("opened a new conversation: {}; it waits in queue {}", received.opened, queue.name()));
    let agent = route(story, queue.id())?;
    let contact = story.desk.store().world();
    let customer = contact.conversations().find(|known| known.id() == before).map(|known| known.customer().clone());
    let Some(customer) = customer else { return Ok(()) };
    story.screen.act(story.now(), &story.name(&agent), "looks at the customer's history");
    show_history(story, &History::new(customer, 10, 20))?;
    close(story, &agent, received.conversation)
}

fn show_history(story: &Story, question: &History) -> Told {
    for conversation in story.ask(question)? {
        let opened = conversation.opened_at.format("%H:%M:%S");
        let closed = conversation.closed.map_or("open".to_owned(), |it| format!("closed {}", it.at.format("%H:%M:%S")));
        let follows = if conversation.previous.is_some() { ", follows an earlier one" } else { "" };
        story.screen.answer(&format!("opened {opened}, {closed}{follows}"));
        for leg in &conversation.legs {
            let reason =
                leg.wrap_up.as_ref().map_or("no reason".to_owned(), |it| format!("{} ({:?})", it.reason, it.how));
            let (from, to) = (leg.from.format("%H:%M:%S"), leg.to.format("%H:%M:%S"));
            story.screen.note(&format!("   {from} to {to} {}: {reason}", story.name(&leg.agent)));
        }
        for message in &conversation.messages {
            let arrow = if message.is_inbound() { "<" } else { ">" };
            let status = format!("{:?}", message.status()).to_lowercase();
            story.screen.note(&format!("   {arrow} {} ({status})", message.content().body.expose()));
        }
    }
    Ok(())
}

pub(super) fn end_of_day(story: &mut Story) -> Told {
    let directory = Arc::clone(&story.directory);
    for agent in directory.agents() {
        if story.ask(&Overview { agent: agent.id().clone() })?.presence.is_some_and(|it| it.session().is_some()) {
            let leave = SignOut { agent: agent.id().clone(), unfinished: Unfinished::Requeue };
            story.run(agent.name(), "signs out; what is unfinished goes back to its queue", &leave)?;
        }
    }
    Ok(())
}

/// B14, B15: nothing is without a holder, and the events tell the records.
pub(super) fn books(story: &mut Story) -> Told {
    let screen = story.screen;
    let world = story.desk.store().world();
    let found = orphans(&world, &story.directory, story.now(), TimeDelta::zero());
    screen.answer(&format!("orphans: {}", found.len()));
    for orphan in &found {
        screen.note(&format!("{orphan:?}: {:?}", orphan.repair()));
    }
    let events = story.desk.store().all_events();
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for envelope in &events {
        *by_name.entry(envelope.event.name()).or_default() += 1;
    }
    let same = World::from_events(&events) == world.with_history();
    screen.answer(&format!("{} events; they make the records again: {same}", events.len()));
    for (name, count) in by_name {
        screen.note(&format!("{count:>4} {name}"));
    }
    Ok(())
}

// Steps that several chapters share.
