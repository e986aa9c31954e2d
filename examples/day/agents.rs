//! What agents do of their own accord: sign in and out, take breaks and calls, look for somebody to write to.

use chrono::TimeDelta;
use outbound::command::{
    BeginInteraction, EndInteraction, InteractionHow, OnConflict, RecoverFromRona, SetState, SignIn, SignOut,
    StartOutbound, Unfinished,
};
use outbound::model::{AgentId, Channel, ChosenState, InteractionId, MediaClass};
use outbound::query::{Channels, Overview};
use outbound::refusal::Code;

use crate::agenda::{Does, What};
use crate::day::Day;
use crate::organization::{address_of, customer_id, shift_of};

/// Seconds between two times at which an agent looks for somebody to write to.
const BETWEEN_STARTS: f64 = 2_400.0;

/// Seconds between two calls of one agent.
const BETWEEN_CALLS: f64 = 2_700.0;

impl Day {
    pub(crate) fn agent_does(&mut self, agent: usize, does: Does) {
        match does {
            Does::SignIn => self.sign_in(agent),
            Does::BeginBreak { minutes } => self.begin_break(agent, minutes),
            Does::EndBreak => self.end_break(agent),
            Does::BeReadyAgain => self.be_ready_again(agent),
            Does::Leave { tries } => self.leave(agent, tries),
            Does::LookForSomebody => self.look_for_somebody(agent),
            Does::TakeCall => self.take_call(agent),
            Does::HangUp { call } => self.hang_up(agent, call),
        }
    }

    fn sign_in(&mut self, agent: usize) {
        let Some(who) = self.agents.get_mut(agent) else { return };
        who.is_signed_in = true;
        let (id, team) = (who.id.clone(), self.units.get(who.unit).map(|unit| unit.team.clone()));
        let Some(team) = team else { return };
        let _ = self.centre.run(&SignIn { agent: id.clone(), team, state: ChosenState::Available });
        self.centre.ask("(overview)", &Overview { agent: id });

        let (begins, ends) = shift_of(agent, self.midnight);
        for (after, minutes) in [(110, 10), (230, 30), (370, 10)] {
            let at = begins + TimeDelta::minutes(after) + self.centre.chance.between(0.0, 1_800.0);
            self.agenda.plan(at, What::Agent(agent, Does::BeginBreak { minutes }));
        }
        self.agenda.plan(ends, What::Agent(agent, Does::Leave { tries: 0 }));
        let (start, call) =
            (self.centre.chance.until_next(BETWEEN_STARTS), self.centre.chance.until_next(BETWEEN_CALLS));
        self.plan_in(start, What::Agent(agent, Does::LookForSomebody));
        self.plan_in(call, What::Agent(agent, Does::TakeCall));
    }

    fn begin_break(&mut self, agent: usize, minutes: i64) {
        if self.is_at_work(agent) {
            let until = self.now() + TimeDelta::minutes(minutes);
            self.set_state(agent, Some("break"));
            if let Some(who) = self.agents.get_mut(agent) {
                who.on_break_until = Some(until);
            }
            self.agenda.plan(until, What::Agent(agent, Does::EndBreak));
        }
    }

    fn end_break(&mut self, agent: usize) {
        if let Some(who) = self.agents.get_mut(agent) {
            who.on_break_until = None;
        }
        self.be_ready_again(agent);
    }

    fn be_ready_again(&mut self, agent: usize) {
        if self.is_at_work(agent) {
            self.set_state(agent, None);
        }
    }

    /// Signed in, not on the way home, and not on a break.
    fn is_at_work(&self, agent: usize) -> bool {
        self.agents.get(agent).is_some_and(|who| who.is_signed_in && !who.is_leaving && who.on_break_until.is_none())
    }

    pub(crate) fn id_of(&self, agent: usize) -> Option<AgentId> {
        self.agents.get(agent).map(|who| who.id.clone())
    }

    /// Ready, or not and why. Who is in RONA comes out of it by saying so.
    fn set_state(&mut self, agent: usize, idle: Option<&str>) {
        let Some(id) = self.id_of(agent) else { return };
        let state = match idle.map(str::parse) {
            Some(Ok(reason)) => ChosenState::Idle(reason),
            _ => ChosenState::Available,
        };
        let set = SetState { agent: id.clone(), class: None, state: state.clone() };
        if let Err(Some(Code::AgentInRona)) = self.centre.run(&set) {
            let _ = self.centre.run(&RecoverFromRona { agent: id, state });
        }
    }

    /// Nobody leaves with work in hand; after twenty minutes it goes back to its queue.
    fn leave(&mut self, agent: usize, tries: u8) {
        let Some(who) = self.agents.get_mut(agent) else { return };
        let id = who.id.clone();
        who.on_break_until = None;
        let unfinished = if tries < 5 { Unfinished::Refuse } else { Unfinished::Requeue };
        if self.centre.run(&SignOut { agent: id, unfinished }).is_ok() {
            if let Some(who) = self.agents.get_mut(agent) {
                who.is_signed_in = false;
            }
            return;
        }
        if tries == 0 {
            self.set_state(agent, Some("leaving"));
            if let Some(who) = self.agents.get_mut(agent) {
                who.is_leaving = true;
            }
        }
        self.plan_in(TimeDelta::minutes(4), What::Agent(agent, Does::Leave { tries: tries + 1 }));
    }

    fn take_call(&mut self, agent: usize) {
        let Some(id) = self.agents.get(agent).filter(|who| who.is_signed_in).map(|who| who.id.clone()) else { return };
        let next = self.centre.chance.until_next(BETWEEN_CALLS);
        self.plan_in(next, What::Agent(agent, Does::TakeCall));
        self.numbers += 1;
        let call = self.numbers;
        let Some(interaction) = name_of(call) else { return };
        let begin = BeginInteraction { agent: id, class: MediaClass::Voice, interaction, how: InteractionHow::Offered };
        if self.is_at_work(agent) && self.centre.run(&begin).is_ok() {
            let time = self.centre.chance.about(200.0);
            self.plan_in(time, What::Agent(agent, Does::HangUp { call }));
        }
    }

    fn hang_up(&mut self, agent: usize, call: u64) {
        let Some(id) = self.id_of(agent) else { return };
        if let Some(interaction) = name_of(call) {
            let _ = self.centre.run(&EndInteraction { agent: id, interaction });
        }
    }

    fn look_for_somebody(&mut self, agent: usize) {
        if self.agents.get(agent).is_none_or(|who| !who.is_signed_in || who.is_leaving) {
            return;
        }
        let next = self.centre.chance.until_next(BETWEEN_STARTS);
        self.plan_in(next, What::Agent(agent, Does::LookForSomebody));
        if self.is_at_work(agent) {
            self.start(agent);
        }
    }

    /// The main job (R1): writing to a customer first. Whom somebody else talks to already may be had from them.
    fn start(&mut self, agent: usize) {
        let Some((id, unit)) = self.agents.get(agent).map(|who| (who.id.clone(), who.unit)) else { return };
        let customer = self.centre.chance.below(self.size.customers / self.size.units()) * self.size.units() + unit;
        let Some(channel) = self.channel_for(&id) else { return };
        let Some(from) = self.units.get(unit).map(|unit| unit.entry_point(channel).clone()) else { return };
        let address = match (self.centre.chance.happens(0.01), channel) {
            (true, Channel::Sms) => "+351 21 123 4567".to_owned(),
            (true, _) => "nobody at mail.example".to_owned(),
            (false, channel) => address_of(customer, channel),
        };
        let Ok(customer) = customer_id(customer) else { return };
        let start = StartOutbound::new(id, channel, from, address).with_customer(customer);
        if let Err(Some(Code::ConversationExists)) = self.centre.run(&start) {
            let choices = [OnConflict::Refuse, OnConflict::TakeOver, OnConflict::AskHolder];
            let choice = choices.get(self.centre.chance.below(choices.len())).copied().unwrap_or_default();
            let _ = self.centre.run(&start.on_conflict(choice));
        }
    }

    /// R9: the desk shows which channels can be used; hardly anybody tries another.
    fn channel_for(&mut self, agent: &AgentId) -> Option<Channel> {
        let chance = &mut self.centre.chance;
        let wanted = if chance.happens(0.7) { Channel::Sms } else { Channel::Email };
        let insists = chance.happens(0.05);
        let shown = self.centre.ask("(channels)", &Channels { agent: agent.clone() })?;
        let usable: Vec<Channel> = shown.iter().filter(|one| one.is_allowed()).map(|one| one.channel).collect();
        if insists || usable.contains(&wanted) { Some(wanted) } else { usable.first().copied() }
    }
}

fn name_of(call: u64) -> Option<InteractionId> {
    format!("call-{call}").parse().ok()
}
