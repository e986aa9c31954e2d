//! Starting conversations and writing in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use outbound::command::{
    AnswerHandover, BeginInteraction, Close, EndInteraction, InteractionHow, OnConflict, Park, SendMessage,
    StartOutbound,
};
use outbound::directory::Agent;
use outbound::model::{AgentId, By, Channel, ConversationId, InteractionId, MediaClass, Template, Wording};
use outbound::query::{History, Overview};
use outbound::record::StartedHow;

use super::{close, wrap_up};
use crate::cast::{self, MARIA, OTHERS, Person};
use crate::story::{Interrupted, Story, Thread, Told, skip};

/// The main job (R1, R18, R19), with the dry run before it (B3), a template (R25) and the outbox behind it (R36, B10).
pub(super) fn start(story: &mut Story) -> Told {
    let directory = Arc::clone(&story.directory);
    let channel = story.channel()?;
    let agent = story.starter(channel, 0)?;
    let name = story.name(&agent);
    let from = story.entry_point(channel)?;

    let command = StartOutbound::new(agent.clone(), channel, from.id().clone(), MARIA.on(channel));
    story.screen.act(story.now(), &name, &format!("asks what would come of writing to {}", MARIA.name));
    let explanation = story.desk.explain(&command)?;
    story.screen.explained(&explanation);

    let before = story.desk.store().all_events().len();
    let started = story.run(&name, &format!("starts a conversation with {}", MARIA.on(channel)), &command)?;
    story.screen.answer(&format!("conversation {}", started.conversation));
    let events = story.desk.store().all_events();
    let names: Vec<_> = events.iter().skip(before).map(|envelope| envelope.event.name()).collect();
    story.screen.note(&format!("in one commit: {}", names.join(", ")));
    story.maria = Some(Thread { conversation: started.conversation, holder: agent.clone(), seen: None });

    match directory.templates().find(|template| template.channel() == channel) {
        Some(template) => send_template(story, &agent, started.conversation, template, &MARIA)?,
        None => story.send(&agent, started.conversation, Some("Your meter"), "Hello Maria, may we read your meter?")?,
    }
    story.deliver()?;
    story.wait(TimeDelta::seconds(10))?;
    story.deliver()
}

/// A missing value is refused, never sent as a hole (R25); a double press sends once (B2).
fn send_template(story: &mut Story, agent: &AgentId, to: ConversationId, template: &Template, who: &Person) -> Told {
    let name = story.name(agent);
    let id = template.id();
    if template.variables().iter().any(|variable| variable.fallback.is_none()) {
        let bare =
            SendMessage::new(agent.clone(), to, Wording::template(id.clone(), BTreeMap::<String, String>::new()));
        story.refused(&name, &format!("sends template `{id}` without its values"), &bare)?;
    }
    let value = |name: &str| match name {
        "name" => who.name,
        "date" => "12 March",
        _ => "A-4711",
    };
    let values = template.variables().iter().map(|variable| (variable.name.clone(), value(&variable.name)));
    let message = SendMessage::new(agent.clone(), to, Wording::template(id.clone(), values));
    story.screen.act(story.now(), &name, &format!("sends template `{id}`, and presses twice"));
    let press = story.id();
    for _ in 0..2 {
        let sent = story.desk.run(press, &message)?;
        story.screen.answer(&format!("message {} of the conversation, {}", sent.number, sent.message));
    }
    Ok(())
}

/// R26: a reply joins its conversation. B11: what the customer wrote meanwhile must be seen first.
pub(super) fn replies(story: &mut Story) -> Told {
    let Thread { conversation, holder, .. } = story.maria()?;
    let channel = story.channel()?;
    let from = story.entry_point(channel)?;

    let first = story.receive(&MARIA, &from, "Yes, in the morning.")?;
    let joined = first.conversation == conversation;
    story.screen.answer(&format!("joins the conversation: {joined}; opened a new one: {}", first.opened));
    let second = story.receive(&MARIA, &from, "Sorry, in the afternoon!")?;

    let late = SendMessage::new(holder.clone(), conversation, Wording::text("See you in the morning."));
    let name = story.name(&holder);
    story.refused(&name, "answers, having seen the first only", &late.clone().having_seen(first.message))?;
    let text = "See you in the afternoon.";
    let aware = SendMessage { wording: Wording::text(text), ..late }.having_seen(second.message);
    story.run(&name, &format!("answers, having seen both: \"{text}\""), &aware)?;
    story.maria = Some(Thread { conversation, holder, seen: Some(second.message) });
    story.deliver()
}

/// An e-mail has a subject, and one that the customer knows is not used again (R27).
pub(super) fn an_email(story: &mut Story) -> Told {
    let directory = Arc::clone(&story.directory);
    let agent = story.starter(Channel::Email, 0)?;
    let from = story.entry_point(Channel::Email)?;
    let [who, ..] = &OTHERS;
    let started = story.start(&agent, &from, who, OnConflict::Refuse)?;
    let bare = SendMessage::new(agent.clone(), started.conversation, Wording::text("Good morning"));
    story.refused(&story.name(&agent), "sends it without a subject", &bare)?;
    let html = directory.templates().find(|template| template.channel() == Channel::Email && template.has_subject());
    match html {
        Some(template) => send_template(story, &agent, started.conversation, template, who)?,
        None => story.send(&agent, started.conversation, Some("Your invoice"), "It is ready.")?,
    }
    story.deliver()?;
    story.receive(who, &from, "Thank you, it arrived.")?;
    close(story, &agent, started.conversation)?;

    let again = story.start(&agent, &from, who, OnConflict::Refuse)?;
    let history = story.ask(&History::new(again.customer, 2, 0))?;
    if let Some(used) = history.iter().find_map(|conversation| conversation.subject.clone()) {
        let used = format!("Re: {}", used.as_str().to_uppercase());
        let message =
            SendMessage::new(agent.clone(), again.conversation, Wording::text("One more thing")).with_subject(&used);
        story.refused(&story.name(&agent), &format!("takes an old subject for it: \"{used}\""), &message)?;
    }
    close(story, &agent, again.conversation)
}

/// B5: a keyword is heeded at once, also within a conversation; nothing is sent until the customer takes it back.
pub(super) fn stop(story: &mut Story) -> Told {
    let agent = story.starter(Channel::Sms, 0)?;
    let from = story.entry_point(Channel::Sms)?;
    let [_, _, who, ..] = &OTHERS;
    let started = story.start(&agent, &from, who, OnConflict::Refuse)?;
    for word in ["Stop.", "START"] {
        let received = story.receive(who, &from, word)?;
        if let Some(keyword) = received.keyword {
            story.screen.answer(&format!("understood as {keyword:?}"));
        }
        let offer = SendMessage::new(agent.clone(), started.conversation, Wording::text("A new tariff for you!"));
        story.refused(&story.name(&agent), "writes on", &offer)?;
    }
    story.deliver()?;
    close(story, &agent, started.conversation)
}

/// R7: workload elsewhere does not matter.
pub(super) fn during_a_call(story: &mut Story) -> Told {
    let directory = Arc::clone(&story.directory);
    let channel = story.channel()?;
    let phones = |agent: &Agent| {
        cast::can_start(&directory, agent, channel) && cast::slots(&directory, agent, MediaClass::Voice) > 0
    };
    let Some(agent) = story.agent_who(phones) else { return skip("nobody both phones and starts conversations") };
    let from = story.entry_point(channel)?;
    let interaction: InteractionId = "call-1".parse()?;
    let how = InteractionHow::SelfStarted;
    let call =
        BeginInteraction { agent: agent.clone(), class: MediaClass::Voice, interaction: interaction.clone(), how };
    let name = story.name(&agent);
    story.run(&name, "is on the phone", &call)?;
    let [_, who, ..] = &OTHERS;
    let started = story.start(&agent, &from, who, OnConflict::Refuse)?;
    story.screen.answer(&format!("conversation {}", started.conversation));
    let presence = story.ask(&Overview { agent: agent.clone() })?.presence;
    let held: Vec<_> = presence.iter().flat_map(|presence| presence.slots()).map(|slot| slot.class.as_str()).collect();
    story.screen.answer(&format!("slots held: {}", held.join(", ")));
    story.run(&name, "hangs up", &EndInteraction { agent: agent.clone(), interaction })?;
    close(story, &agent, started.conversation)
}

/// R11: one conversation with a customer at a time. B4: a conflict is a choice.
pub(super) fn duplicate(story: &mut Story) -> Told {
    let Thread { conversation, holder, seen } = story.maria()?;
    let channel = story.channel()?;
    let other = story.starter(channel, 1)?;
    let from = story.entry_point(channel)?;

    match story.start(&other, &from, &MARIA, OnConflict::Refuse) {
        Err(Interrupted::Refused(refusals)) => {
            story.screen.refused(&refusals);
            let named = refusals.primary().conversation() == Some(conversation);
            story.screen.note(&format!("a desk can show the conversation at once: the reason names it ({named})"));
        }
        Err(other) => return Err(other),
        Ok(_) => return skip("this organization allows two conversations"),
    }

    story.screen.note("They ask its holder for it.");
    let asked = story.start(&other, &from, &MARIA, OnConflict::AskHolder)?;
    if let StartedHow::HandoverAsked(request) = asked.how {
        let give = AnswerHandover { agent: holder.clone(), conversation, request, give: true };
        let answered = story.run(&story.name(&holder), "hands it over", &give)?;
        story.screen.answer(&format!("{answered:?}"));
        wrap_up(story, &holder, conversation)?;
        story.show_task(&other, conversation)?;
    }

    story.screen.note("They put it aside, and what is put aside can be taken over.");
    let until = story.now() + TimeDelta::hours(1);
    let park = Park { agent: other.clone(), conversation, until, queue: None };
    story.run(&story.name(&other), "parks it for an hour", &park)?;
    let taken = story.start(&holder, &from, &MARIA, OnConflict::TakeOver)?;
    story.screen.answer(&format!("{:?}: the same conversation: {}", taken.how, taken.conversation == conversation));
    story.maria = Some(Thread { conversation, holder, seen });
    Ok(())
}

/// R12: at the limit nothing more can be started, and the refusal says when that changes.
pub(super) fn limit(story: &mut Story) -> Told {
    let channel = story.channel()?;
    let agent = story.starter(channel, 0)?;
    let from = story.entry_point(channel)?;
    let mut begun = Vec::new();
    for who in &OTHERS {
        match story.start(&agent, &from, who, OnConflict::Refuse) {
            Ok(started) => begun.push((started.conversation, who)),
            Err(Interrupted::Refused(refusals)) => {
                story.screen.refused(&refusals);
                break;
            }
            Err(other) => return Err(other),
        }
    }
    if let Some((first, _)) = begun.first() {
        let closing = Close { by: By::Agent(agent.clone()), conversation: *first };
        story.run(&story.name(&agent), "closes the first of them, and owes its wrap-up", &closing)?;
        let next = StartOutbound::new(agent.clone(), channel, from.id().clone(), MARIA.on(Channel::Email));
        let next = OTHERS.last().map_or(next.clone(), |last| StartOutbound { to: last.on(channel).into(), ..next });
        story.refused(&story.name(&agent), "tries again; the slot is still held, until a known time", &next)?;
        wrap_up(story, &agent, *first)?;
    }
    for (conversation, _) in begun.iter().skip(1) {
        close(story, &agent, *conversation)?;
    }
    Ok(())
}
