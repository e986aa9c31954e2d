//! What people do with a desk, chapter by chapter. Each stands alone but for the conversation with Maria.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use outbound::command::{
    Accept, AnswerHandover, BeginInteraction, Close, Conference, EndInteraction, ExtendWrapUp, InteractionHow,
    OnConflict, Park, RecoverFromRona, RouteNext, SendMessage, SetState, SignIn, SignOut, StartOutbound, Target,
    Transfer, TriggerWorkflow, Unfinished, WrapUp,
};
use outbound::directory::search::fold;
use outbound::directory::{Agent, Licence, WorkflowTrigger};
use outbound::model::{
    AgentId, Channel, ChosenState, Closer, ConversationId, InteractionId, MediaClass, QueueId, State, Template, Wording,
};
use outbound::query::{Channels, EntryPoints, History, Overview, TransferTargets, orphans};
use outbound::record::{StartedHow, Transferred, World};
use outbound::refusal::{Language, Refusals};

use crate::cast::{self, MARIA, OTHERS, Person};
use crate::story::{Interrupted, Story, Thread, Told, skip};

type Chapter = fn(&mut Story) -> Told;

pub(crate) const ALL: [(&str, Chapter); 18] = [
    ("The organization", the_organization),
    ("Signing in, and the channels that each agent can use", channels),
    ("No, and why", refusals),
    ("A message first: explained, started, sent, delivered", start),
    ("The customer answers", replies),
    ("An e-mail", an_email),
    ("During a voice call", during_a_call),
    ("Somebody talks to her already", duplicate),
    ("The limit", limit),
    ("To whom?", targets),
    ("A transfer that nobody answers", unanswered),
    ("Starting from RONA", from_rona),
    ("By way of a queue", through_a_queue),
    ("What an outbound conversation cannot do", not_supported),
    ("Closing, and a wrap-up that is forgotten", closing),
    ("The customer writes again", writes_again),
    ("The end of the day", end_of_day),
    ("The books", books),
];

fn the_organization(story: &mut Story) -> Told {
    let directory = Arc::clone(&story.directory);
    let screen = story.screen;
    screen.note(&format!("{}, set-up version {}", directory.organization().name(), directory.version()));
    for agent in directory.agents() {
        let team = cast::team_of(&directory, agent);
        let its = directory.profile_for(agent, team.map(|team| team.id()));
        let profile = its.map_or("no profile".to_owned(), |its| format!("{} ({:?})", its.profile.name(), its.level));
        let (name, licence) = (agent.name(), agent.licence().as_str());
        let access = if agent.has_digital_access() { "digital" } else { "voice only" };
        let team = team.map_or("-", |team| team.name());
        screen.note(&format!("{name:<15} {licence:<9} {access:<11} {team:<14} {profile}"));
    }
    for channel in [Channel::Sms, Channel::Email] {
        for entry_point in story.ask(&EntryPoints { channel })? {
            let off = if entry_point.enabled { "" } else { " (disabled)" };
            screen.note(&format!("{channel:<6} {} <{}>{off}", entry_point.name, entry_point.sender));
        }
    }
    Ok(())
}

/// R9: each channel with a yes, or with every reason why not.
fn channels(story: &mut Story) -> Told {
    let directory = Arc::clone(&story.directory);
    for agent in directory.agents() {
        sign_in(story, agent.id())?;
        for answer in story.ask(&Channels { agent: agent.id().clone() })? {
            let codes =
                |refusals: Refusals| refusals.codes().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let says = answer.refusals.map_or("yes".to_owned(), |refusals| format!("no: {}", codes(refusals)));
            story.screen.answer(&format!("{:<6} {says}", answer.channel.as_str()));
        }
    }
    Ok(())
}

/// R13: every refusal has a code, a rule, a text, a remedy and a time; all reasons are given at once.
fn refusals(story: &mut Story) -> Told {
    let channel = story.channel()?;
    let agent = story.starter(channel, 0)?;
    let from = story.entry_point(channel)?;
    let good = StartOutbound::new(agent, channel, from.id().clone(), MARIA.on(channel));
    bad_recipients(story)?;
    bad_entry_points(story, &good)?;
    agents_who_may_not(story, &good)?;
    not_now(story, &good)
}

/// R14, R15: each way in which a recipient is none has its own reason.
fn bad_recipients(story: &mut Story) -> Told {
    let recipients = [
        (Channel::Sms, "a number without country code", "912 345 678"),
        (Channel::Sms, "a number that does not exist", "+351 912 345"),
        (Channel::Sms, "letters for digits", "+351 91 CALL NOW"),
        (Channel::Sms, "a landline", "+351 213 456 789"),
        (Channel::Email, "an address without a domain", "maria"),
        (Channel::Email, "two addresses at once", "a@example.com, b@example.com"),
    ];
    for (channel, what, to) in recipients {
        let (Ok(agent), Ok(from)) = (story.starter(channel, 0), story.entry_point(channel)) else { continue };
        let start = StartOutbound::new(agent, channel, from.id().clone(), to);
        story.refused(&story.name(&start.agent), &format!("writes to {what}: {to}"), &start)?;
    }
    Ok(())
}

/// R2, R16.
fn bad_entry_points(story: &mut Story, good: &StartOutbound) -> Told {
    let directory = Arc::clone(&story.directory);
    let name = story.name(&good.agent);
    let voice = StartOutbound { channel: Channel::Voice, ..good.clone() };
    story.refused(&name, "tries to start on voice", &voice)?;
    let nowhere = StartOutbound { entry_point: "no_such_number".parse()?, ..good.clone() };
    story.refused(&name, "picks an entry point that is not there", &nowhere)?;
    let disabled = directory.entry_points_on(good.channel).find(|entry_point| !entry_point.is_enabled());
    let Some(disabled) = disabled else {
        story.screen.note("(No entry point is disabled.)");
        return Ok(());
    };
    let start = StartOutbound { entry_point: disabled.id().clone(), ..good.clone() };
    story.refused(&name, &format!("picks the disabled {}", disabled.sender()), &start)
}

/// R3, R5: what a licence and a profile do not give.
fn agents_who_may_not(story: &mut Story, good: &StartOutbound) -> Told {
    let directory = Arc::clone(&story.directory);
    let channel = good.channel;
    let standard = story.agent_who(|agent| agent.licence() == Licence::Standard);
    let without = story
        .agent_who(|agent| agent.licence() == Licence::Premium && cast::slots(&directory, agent, channel.class()) == 0);
    let who = [(standard, "a standard licence".to_owned()), (without, format!("a profile without {channel}"))];
    for (agent, has) in who {
        match agent {
            Some(agent) => {
                let start = StartOutbound { agent, ..good.clone() };
                story.refused(&story.name(&start.agent), &format!("has {has}, and tries"), &start)?;
            }
            None => story.screen.note(&format!("(No agent has {has}.)")),
        }
    }
    Ok(())
}

/// R6, R8: what the agent's own state does not allow, and several reasons at once.
fn not_now(story: &mut Story, good: &StartOutbound) -> Told {
    let directory = Arc::clone(&story.directory);
    let agent = good.agent.clone();
    let name = story.name(&agent);
    let declined = directory.organization().declined_idle_reason().id();
    if let Some(reason) = directory.idle_reasons().find(|reason| reason.id() != declined) {
        let idle = SetState { agent: agent.clone(), class: None, state: ChosenState::Idle(reason.id().clone()) };
        story.run(&name, &format!("is idle: {}", reason.name()), &idle)?;
        story.refused(&name, "tries all the same", good)?;
        let everything = StartOutbound { entry_point: "no_such_number".parse()?, to: "12".into(), ..good.clone() };
        story.refused(&name, "gets everything wrong at once", &everything)?;
        story.run(&name, "is available again", &SetState { state: ChosenState::Available, ..idle })?;
    }
    story.run(&name, "signs out", &SignOut { agent: agent.clone(), unfinished: Unfinished::Refuse })?;
    story.refused(&name, "tries once more", good)?;
    sign_in(story, &agent)
}

fn sign_in(story: &mut Story, agent: &AgentId) -> Told {
    let directory = Arc::clone(&story.directory);
    let Some(team) = directory.agent(agent).and_then(|agent| cast::team_of(&directory, agent)) else { return Ok(()) };
    let sign_in = SignIn { agent: agent.clone(), team: team.id().clone(), state: ChosenState::Available };
    story.run(&story.name(agent), &format!("signs in to {}", team.name()), &sign_in)?;
    Ok(())
}

/// The main job (R1, R18, R19), with the dry run before it (B3), a template (R25) and the outbox behind it (R36, B10).
fn start(story: &mut Story) -> Told {
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
fn replies(story: &mut Story) -> Told {
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
fn an_email(story: &mut Story) -> Told {
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
    let history = story.ask(&History { customer: again.customer, conversations: 2, messages: 0 })?;
    if let Some(used) = history.iter().find_map(|conversation| conversation.subject.clone()) {
        let used = format!("Re: {}", used.as_str().to_uppercase());
        let message =
            SendMessage::new(agent.clone(), again.conversation, Wording::text("One more thing")).with_subject(&used);
        story.refused(&story.name(&agent), &format!("takes an old subject for it: \"{used}\""), &message)?;
    }
    close(story, &agent, again.conversation)
}

/// R7: workload elsewhere does not matter.
fn during_a_call(story: &mut Story) -> Told {
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
fn duplicate(story: &mut Story) -> Told {
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
fn limit(story: &mut Story) -> Told {
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
        let closing = Close { by: Closer::Agent(agent.clone()), conversation: *first };
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

/// R44 to R46: whom a task can go to, with every reason why not, and a search that knows no accents.
fn targets(story: &mut Story) -> Told {
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
    let list = story.ask(&TransferTargets { conversation, search: search.into(), after: None, limit: 20 })?;
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
fn unanswered(story: &mut Story) -> Told {
    let Thread { conversation, holder, .. } = story.maria()?;
    let channel = story.channel()?;
    let from = story.entry_point(channel)?;
    let list = story.ask(&TransferTargets { conversation, search: String::new(), after: None, limit: 100 })?;
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
    story.refused(&name, "tries to close meanwhile", &Close { by: Closer::Agent(holder.clone()), conversation })?;
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
fn from_rona(story: &mut Story) -> Told {
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
fn through_a_queue(story: &mut Story) -> Told {
    let Thread { conversation, holder, seen } = story.maria()?;
    let list = story.ask(&TransferTargets { conversation, search: String::new(), after: None, limit: 1 })?;
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
fn route(story: &mut Story, queue: &QueueId) -> Told<AgentId> {
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
fn not_supported(story: &mut Story) -> Told {
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

/// R39, R50: closed at once; the reason is asked for until a deadline, which can be moved.
fn closing(story: &mut Story) -> Told {
    let Thread { conversation, holder: agent, .. } = story.maria()?;
    let name = story.name(&agent);
    story.run(&name, "closes the conversation", &Close { by: Closer::Agent(agent.clone()), conversation })?;
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
fn writes_again(story: &mut Story) -> Told {
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
    show_history(story, &History { customer, conversations: 10, messages: 20 })?;
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

fn end_of_day(story: &mut Story) -> Told {
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
fn books(story: &mut Story) -> Told {
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

fn close(story: &mut Story, agent: &AgentId, conversation: ConversationId) -> Told {
    let closing = Close { by: Closer::Agent(agent.clone()), conversation };
    story.run(&story.name(agent), "closes the conversation", &closing)?;
    wrap_up(story, agent, conversation)
}

fn wrap_up(story: &mut Story, agent: &AgentId, conversation: ConversationId) -> Told {
    let directory = Arc::clone(&story.directory);
    let default = directory.organization().timings().wrap_up().default_reason();
    let reason = directory.wrap_up_reasons().rev().find(|reason| reason.id() != default.id()).unwrap_or(default);
    let given = WrapUp { agent: agent.clone(), conversation, reason: reason.id().clone() };
    story.run(&story.name(agent), &format!("wraps up: {}", reason.name()), &given)?;
    Ok(())
}
