//! Who works here, what each can do, and every way to be told no.

use std::sync::Arc;

use outbound::command::{SetState, SignIn, SignOut, StartOutbound, Unfinished};
use outbound::directory::Licence;
use outbound::model::{AgentId, Channel, ChosenState};
use outbound::query::{Channels, EntryPoints};
use outbound::refusal::Refusals;

use crate::cast::{self, MARIA};
use crate::story::{Story, Told};

pub(super) fn the_organization(story: &mut Story) -> Told {
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
pub(super) fn channels(story: &mut Story) -> Told {
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
pub(super) fn refusals(story: &mut Story) -> Told {
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
