//! What agents do: sign in and out, take breaks and calls, look for somebody to write to, and work on what they hold.

use chrono::TimeDelta;
use outbound::command::{
    Accept, AnswerHandover, BeginInteraction, CancelTransfer, Close, Decline, EndInteraction, ExtendWrapUp,
    InteractionHow, OnConflict, Park, RecoverFromRona, SendMessage, SetState, SignIn, SignOut, StartOutbound, Target,
    Transfer, Unfinished, WrapUp,
};
use outbound::model::{Channel, ChosenState, Closer, ConversationId, InteractionId, MediaClass, OfferId, Wording};
use outbound::query::{Channels, Overview};
use outbound::refusal::Code;

use crate::agenda::{Does, Next, What};
use crate::day::Day;
use crate::organization::{address_of, customer_id, shift_of};

/// What agents write.
const TEXTS: [&str; 4] = [
    "Good day! We have had a look at it, and your parcel leaves tomorrow morning.",
    "Could you tell us the number on the invoice? It stands at the top, on the right.",
    "The engineer comes on Thursday between nine and eleven. Does that suit you?",
    "It is settled: the amount is back on your card within three working days.",
];

/// What agents write in a mail.
const MAIL: &str = "Good day,\n\nthank you for your patience. We have looked at your order again and found what went wrong: \
    the second parcel was sent to the old address. It is on its way back, and a new one leaves today; you will get its number by \
    text message. Should it not have arrived by Friday, please answer this mail, and we will see to it.\n\nYours,\nthe care team";

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

    /// Ready, or not and why. Who is in RONA comes out of it by saying so.
    fn set_state(&mut self, agent: usize, idle: Option<&str>) {
        let Some(id) = self.agents.get(agent).map(|who| who.id.clone()) else { return };
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
        let Some(id) = self.agents.get(agent).map(|who| who.id.clone()) else { return };
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
        let chance = &mut self.centre.chance;
        let preferred = if chance.happens(0.7) { Channel::Sms } else { Channel::Email };
        let customer = chance.below(self.size.customers / self.size.units()) * self.size.units() + unit;
        let (is_stubborn, is_wrong) = (chance.happens(0.05), chance.happens(0.01));
        let choice = chance.pick(&[&OnConflict::Refuse, &OnConflict::TakeOver, &OnConflict::AskHolder]).copied();
        // R9: the desk shows which channels can be used; hardly anybody tries another.
        let shown = self.centre.ask("(channels)", &Channels { agent: id.clone() }).unwrap_or_default();
        let mut usable = shown.iter().filter(|one| one.is_allowed()).map(|one| one.channel);
        let first = usable.next();
        let is_usable = first == Some(preferred) || usable.any(|channel| channel == preferred);
        let channel = if is_usable || is_stubborn { Some(preferred) } else { first };
        let Some(channel) = channel else { return };
        let address = match (is_wrong, channel) {
            (true, Channel::Sms) => "+351 21 123 4567".to_owned(),
            (true, _) => "nobody at mail.example".to_owned(),
            (false, channel) => address_of(customer, channel),
        };
        let Some(from) = self.units.get(unit).map(|unit| unit.entry_point(channel).clone()) else { return };
        let Ok(customer) = customer_id(customer) else { return };
        let start = StartOutbound::new(id, channel, from, address).with_customer(customer);
        if let Err(Some(Code::ConversationExists)) = self.centre.run(&start) {
            let _ = self.centre.run(&start.on_conflict(choice.unwrap_or_default()));
        }
    }

    pub(crate) fn answer(&mut self, agent: usize, conversation: ConversationId, offer: OfferId, take: bool) {
        let Some(id) = self.agents.get(agent).map(|who| who.id.clone()) else { return };
        if take {
            let _ = self.centre.run(&Accept { agent: id.clone(), conversation, offer });
            self.centre.ask("(overview)", &Overview { agent: id });
        } else {
            let _ = self.centre.run(&Decline { agent: id, conversation, offer });
        }
    }

    pub(crate) fn take_back(&mut self, agent: usize, conversation: ConversationId) {
        let Some(id) = self.agents.get(agent).map(|who| who.id.clone()) else { return };
        let _ = self.centre.run(&CancelTransfer { agent: id, conversation });
    }

    pub(crate) fn hand_over(&mut self, agent: usize, conversation: ConversationId, request: OfferId, give: bool) {
        let Some(id) = self.agents.get(agent).map(|who| who.id.clone()) else { return };
        let _ = self.centre.run(&AnswerHandover { agent: id, conversation, request, give });
    }

    pub(crate) fn wrap_up(&mut self, agent: usize, conversation: ConversationId, later: bool) {
        let Some(id) = self.agents.get(agent).map(|who| who.id.clone()) else { return };
        if later {
            let _ = self.centre.run(&ExtendWrapUp { agent: id, conversation });
            self.plan_in(TimeDelta::seconds(40), What::WrapUp { agent, conversation, later: false });
        } else if let Ok(reason) = "solved".parse() {
            let _ = self.centre.run(&WrapUp { agent: id, conversation, reason });
        }
    }

    /// Plans what the holder of a conversation does next, instead of whatever was planned before.
    pub(crate) fn plan_for(&mut self, conversation: ConversationId, time: TimeDelta, next: Next) {
        let Some(talk) = self.talks.get_mut(&conversation) else { return };
        talk.plan += 1;
        let (Some(agent), plan) = (talk.holder, talk.plan) else { return };
        self.plan_in(time, What::GoOn { agent, conversation, plan, next });
    }

    pub(crate) fn go_on(&mut self, agent: usize, conversation: ConversationId, plan: u32, next: Next) {
        let Some(talk) = self.talks.get(&conversation).filter(|talk| talk.plan == plan) else { return };
        if let Some(until) = self.agents.get(agent).and_then(|who| who.on_break_until) {
            let time = until - self.now() + self.centre.chance.between(5.0, 60.0);
            return self.plan_for(conversation, time, next);
        }
        let (turns, sent, is_outbound) = (talk.turns, talk.sent, talk.is_outbound);
        let chance = &mut self.centre.chance;
        match next {
            Next::Work if sent == 0 && !is_outbound && chance.happens(0.08) => self.transfer(agent, conversation),
            Next::Work if turns > 0 => self.write(agent, conversation),
            Next::StopWaiting if sent > 0 && chance.happens(0.25) => self.park(agent, conversation),
            Next::Work | Next::StopWaiting | Next::Close => self.close(agent, conversation),
        }
    }

    fn write(&mut self, agent: usize, conversation: ConversationId) {
        let (Some(who), Some(talk)) = (self.agents.get(agent), self.talks.get(&conversation)) else { return };
        let chance = &mut self.centre.chance;
        let mut message = if talk.channel == Channel::Email {
            SendMessage::new(who.id.clone(), conversation, Wording::text(MAIL))
        } else {
            SendMessage::new(who.id.clone(), conversation, Wording::text(chance.pick(&TEXTS).unwrap_or_default()))
        };
        if talk.channel == Channel::Email && talk.is_outbound && talk.sent == 0 {
            self.numbers += 1;
            // Some have one subject for everybody.
            let is_lazy = chance.happens(0.1);
            let subject = if is_lazy { "Your order".to_owned() } else { format!("Your order, {}", self.numbers) };
            message = message.with_subject(subject);
        }
        message = match talk.read {
            Some(read) => message.having_seen(read),
            None => message.having_seen_nothing(),
        };
        let channel = talk.channel;
        let id = self.centre.chance.command_id(self.now());
        let answer = self.centre.run_under(id, "send_message", &message);
        if self.centre.chance.happens(0.01) {
            self.press_again(id, &message, &answer);
        }
        match answer {
            Ok(_) => self.wait_for_a_reply(conversation, channel),
            Err(Some(Code::CustomerWroteMeanwhile)) => {
                self.read_what_is_new(conversation);
                self.plan_for(conversation, TimeDelta::seconds(15), Next::Work);
            }
            Err(Some(Code::SubjectUsed)) => self.plan_for(conversation, TimeDelta::seconds(15), Next::Work),
            Err(_) => self.plan_for(conversation, TimeDelta::seconds(20), Next::Close),
        }
    }

    /// B2: pressed twice, sent once, and both presses hear the same.
    fn press_again(
        &mut self,
        id: outbound::model::CommandId,
        message: &SendMessage,
        first: &Result<outbound::record::Sent, Option<Code>>,
    ) {
        let second = self.centre.run_under(id, "send_message", message);
        if second != *first {
            self.centre.broken.push(format!("send_message under one id came to {first:?} and to {second:?}"));
        }
    }

    /// Most mails are the last word for now; a text message often is not.
    fn wait_for_a_reply(&mut self, conversation: ConversationId, channel: Channel) {
        if let Some(talk) = self.talks.get_mut(&conversation) {
            talk.sent += 1;
            talk.turns = talk.turns.saturating_sub(1);
        }
        let chance = &mut self.centre.chance;
        if channel == Channel::Email && chance.happens(0.8) {
            let time = chance.between(10.0, 40.0);
            self.plan_for(conversation, time, Next::Close);
        } else {
            let time = chance.between(900.0, 1_500.0);
            self.plan_for(conversation, time, Next::StopWaiting);
        }
    }

    pub(crate) fn read_what_is_new(&mut self, conversation: ConversationId) {
        if let Some(talk) = self.talks.get_mut(&conversation) {
            talk.read = talk.newest;
        }
    }

    /// To a colleague who seems to be free, or to a queue of the next team.
    fn transfer(&mut self, agent: usize, conversation: ConversationId) {
        let Some((id, unit)) = self.agents.get(agent).map(|who| (who.id.clone(), who.unit)) else { return };
        let Some(channel) = self.talks.get(&conversation).map(|talk| talk.channel) else { return };
        let (size, chance) = (self.size, &mut self.centre.chance);
        let colleague = chance.below(size.agents / size.units()) * size.units() + unit;
        let colleague = self.agents.get(colleague).filter(|other| other.is_available && other.id != id);
        let to = match colleague {
            Some(other) if chance.happens(0.6) => Target::Agent(other.id.clone()),
            _ => {
                let next = self.units.get((unit + 1) % size.units());
                let queue = |unit: &crate::organization::Unit| match channel {
                    Channel::Email => unit.mails.clone(),
                    _ => unit.texts.clone(),
                };
                let Some(queue) = next.map(queue) else { return };
                Target::Queue(queue)
            }
        };
        if self.centre.run(&Transfer { agent: id, conversation, to }).is_err() {
            self.plan_for(conversation, TimeDelta::seconds(5), Next::Work);
        }
    }

    fn park(&mut self, agent: usize, conversation: ConversationId) {
        let Some(id) = self.agents.get(agent).map(|who| who.id.clone()) else { return };
        let until = self.now() + self.centre.chance.between(3_600.0, 10_800.0);
        if self.centre.run(&Park { agent: id, conversation, until, queue: None }).is_err() {
            self.plan_for(conversation, TimeDelta::seconds(5), Next::Close);
        }
    }

    fn close(&mut self, agent: usize, conversation: ConversationId) {
        let Some(id) = self.agents.get(agent).map(|who| who.id.clone()) else { return };
        let _ = self.centre.run(&Close { by: Closer::Agent(id), conversation });
    }
}

fn name_of(call: u64) -> Option<InteractionId> {
    format!("call-{call}").parse().ok()
}
