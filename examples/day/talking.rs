//! What agents do with a conversation: take it, write, transfer, park, close, and give the wrap-up reason.

use chrono::TimeDelta;
use outbound::command::{
    Accept, AnswerHandover, CancelTransfer, Close, Decline, ExtendWrapUp, Park, SendMessage, Target, Transfer, WrapUp,
};
use outbound::model::{By, Channel, CommandId, ConversationId, OfferId, Wording};
use outbound::query::Overview;
use outbound::record::Sent;
use outbound::refusal::Code;

use crate::agenda::{Next, What};
use crate::day::Day;

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

impl Day {
    pub(crate) fn answer(&mut self, agent: usize, conversation: ConversationId, offer: OfferId, take: bool) {
        let Some(id) = self.id_of(agent) else { return };
        if take {
            let _ = self.centre.run(&Accept { agent: id.clone(), conversation, offer });
            self.centre.ask("(overview)", &Overview { agent: id });
        } else {
            let _ = self.centre.run(&Decline { agent: id, conversation, offer });
        }
    }

    pub(crate) fn take_back(&mut self, agent: usize, conversation: ConversationId) {
        let Some(id) = self.id_of(agent) else { return };
        let _ = self.centre.run(&CancelTransfer { agent: id, conversation });
    }

    pub(crate) fn hand_over(&mut self, agent: usize, conversation: ConversationId, request: OfferId, give: bool) {
        let Some(id) = self.id_of(agent) else { return };
        let _ = self.centre.run(&AnswerHandover { agent: id, conversation, request, give });
    }

    pub(crate) fn wrap_up(&mut self, agent: usize, conversation: ConversationId, later: bool) {
        let Some(id) = self.id_of(agent) else { return };
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
    fn press_again(&mut self, id: CommandId, message: &SendMessage, first: &Result<Sent, Option<Code>>) {
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
                let Some(queue) = next.map(|unit| unit.queue(channel).clone()) else { return };
                Target::Queue(queue)
            }
        };
        if self.centre.run(&Transfer { agent: id, conversation, to }).is_err() {
            self.plan_for(conversation, TimeDelta::seconds(5), Next::Work);
        }
    }

    fn park(&mut self, agent: usize, conversation: ConversationId) {
        let Some(id) = self.id_of(agent) else { return };
        let until = self.now() + self.centre.chance.between(3_600.0, 10_800.0);
        if self.centre.run(&Park { agent: id, conversation, until, queue: None }).is_err() {
            self.plan_for(conversation, TimeDelta::seconds(5), Next::Close);
        }
    }

    fn close(&mut self, agent: usize, conversation: ConversationId) {
        let Some(id) = self.id_of(agent) else { return };
        let _ = self.centre.run(&Close { by: By::Agent(id), conversation });
    }
}
