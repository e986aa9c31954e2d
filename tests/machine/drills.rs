//! Moves that are more than one command: to the last of what a rule allows and one beyond, and to the moment of a deadline.
//!
//! Commands one by one hardly ever come there. What a drill needs it brings about first, by commands that the model would do.

use crate::floor::Both;
use crate::model::deadlines::{Deadline, KINDS, Kind, send};
use crate::model::{Change, Cmd, MINUTE, Offer, Provider, SECOND, Step, TICK, Task, To, name_of};
use crate::moves::{AGENTS, Move, QUEUES, of};

/// What is to be had for starting: an entry point and an address, each pair its own conversation.
const PLACES: [(&str, &str, &str); 9] = [
    ("sms", "sms_care", "+351912345671"),
    ("sms", "sms_care", "+351912345672"),
    ("email", "mail_care", "rita@example.com"),
    ("sms", "sms_sales", "+351912345671"),
    ("sms", "sms_care", "+5511987654321"),
    ("email", "mail_care", "joao@example.org"),
    ("sms", "sms_care", "+351912345673"),
    ("sms", "sms_sales", "+351912345674"),
    ("email", "mail_care", "maria@example.com"),
];

/// Addresses of one customer.
const OF_MARIA: [(&str, &str, &str); 3] = [
    ("sms", "sms_care", "+351912345679"),
    ("email", "mail_care", "maria@example.net"),
    ("sms", "sms_sales", "+351912345678"),
];

fn bit(number: u8, nth: usize) -> bool {
    (number >> (nth % 8)) & 1 == 1
}

impl Both {
    /// Does the first command that the model would do, beginning somewhere in the list.
    fn first(&mut self, commands: &[Cmd], from: u8) -> Option<Cmd> {
        let (before, after) = commands.split_at(usize::from(from) % commands.len().max(1));
        let model = self.about_to();
        let found = after.iter().chain(before).find(|it| model.would(it)).cloned();
        if let Some(command) = &found {
            self.run(command, false);
        }
        found
    }

    /// An agent is there, and Available.
    fn fit(&mut self, agent: &str) {
        let team = self.model.setup.agent(agent).and_then(|it| it.teams.first().cloned());
        let (Some(team), agent) = (team, agent.to_owned()) else { return };
        if self.model.team(&agent).is_none() {
            return self.run(&Cmd::SignIn { agent, team, idle: None }, false);
        }
        let state = self.model.state_of(&agent, "social").0;
        if state == "rona" {
            self.run(&Cmd::Recover { agent, idle: None }, false);
        } else if state != "available" {
            self.run(&Cmd::SetState { agent, class: None, idle: None }, false);
        }
    }

    fn start(agent: &str, (channel, entry_point, to): (&str, &str, &str)) -> Cmd {
        let (agent, channel) = (agent.to_owned(), channel.to_owned());
        let (entry_point, to) = (entry_point.to_owned(), to.to_owned());
        Cmd::Start { agent, channel, entry_point, to, customer: None, conflict: "refuse" }
    }

    /// A conversation that somebody works on.
    fn somebody_works(&mut self, number: u8) -> Option<(usize, String)> {
        if self.model.working().is_empty() {
            let agent = of(&AGENTS[..6], number);
            self.fit(agent);
            let starts: Vec<Cmd> = PLACES.iter().map(|place| Self::start(agent, *place)).collect();
            self.first(&starts, number);
        }
        let working = self.model.working();
        (!working.is_empty()).then(|| working[usize::from(number) % working.len()].clone())
    }

    /// The deadlines that are to come.
    fn to_come(&self, kind: Kind) -> Vec<Deadline> {
        let model = self.about_to();
        model.deadlines(kind).into_iter().filter(|(at, _)| *at > model.now).collect()
    }

    /// Somebody goes to a deadline, or a tick beside it, and tries what would be noticed there; and once more, there or later.
    pub fn deadline(&mut self, it: &Move) {
        let Move { a, b, c, d, again, .. } = *it;
        let kind = of(&KINDS, a);
        if self.to_come(kind).is_empty() {
            match kind {
                Kind::Opening => self.set_up(&[24 + c % 5]),
                Kind::Cap => self.set_up(&[29 + c % 2]),
                Kind::Answer => self.set_up(&[26 + c % 2, 30 + d % 2]),
                _ => {}
            }
            self.somebody_works(c);
            self.fit(of(&AGENTS[..6], d));
            let hours = self.to_come(Kind::Opening);
            if let (Kind::Answer, Some((at, _))) = (kind, hours.first()) {
                self.go_to(at - of(&[0, 0, 10 * MINUTE], c));
            }
            let ways = self.about_to().bringing_about(kind);
            self.first(&ways, d);
            if let (Kind::Answer, Some((_, writing))) = (kind, self.to_come(kind).first()) {
                self.run(&writing[0], false);
                self.pump(1, d);
            }
        }
        let deadlines = self.to_come(kind);
        let Some((at, commands)) = deadlines.get(usize::from(a) / KINDS.len() % deadlines.len().max(1)) else { return };
        let tick = if bit(b, 7) { SECOND } else { TICK };
        let (once, then) = of(&[(0, 0), (-tick, 0), (-tick, -tick), (0, tick), (tick, tick)], b);
        self.go_to(at + once);
        self.run(&commands[usize::from(c) % commands.len()], again);
        if bit(b, 5) {
            self.pump(2, d);
        }
        self.go_to(at + then);
        let since = self.about_to().deadlines(kind).into_iter().find(|it| it.0 == *at);
        let commands = since.map_or_else(|| commands.clone(), |it| it.1);
        self.run(&commands[usize::from(d) % commands.len()], false);
        if bit(b, 6) {
            self.go_to(*at);
            self.fire();
        }
    }

    /// B13: from hand to hand up to the limit, and once more.
    pub fn hops(&mut self, it: &Move) {
        if it.c.is_multiple_of(4) {
            self.set_up(&[19]);
        }
        for agent in ["ana", "bruno", "hugo"] {
            self.fit(agent);
        }
        let Some((conversation, _)) = self.somebody_works(it.a) else { return };
        for turn in 0..5 {
            let Some((_, agent)) = self.model.working().into_iter().find(|it| it.0 == conversation) else { return };
            let transfer = |to| Cmd::Transfer { agent: agent.clone(), conversation, to };
            let mut ways: Vec<Cmd> = AGENTS.map(|to| transfer(To::Agent(to.to_owned()))).to_vec();
            let queues = QUEUES.map(|to| transfer(To::Queue(to.to_owned())));
            if bit(it.b, turn) {
                ways.splice(0..0, queues)
            } else {
                ways.splice(ways.len().., queues)
            };
            if self.first(&ways, 0).is_none() {
                // No further: and this is why.
                for to in ["ana", "bruno", "hugo"].into_iter().filter(|to| *to != agent).take(1) {
                    self.run(&transfer(To::Agent(to.to_owned())), false);
                }
                self.run(&transfer(To::Queue("care_queue".to_owned())), false);
                return;
            }
            if let Task::Queued { queue, .. } = self.model.conversation(conversation).task.clone() {
                self.run(&Cmd::Route { queue, agent: None }, false);
            }
            if let Task::Frozen { transfer: offer, .. } | Task::Offered { offer, .. } =
                self.model.conversation(conversation).task.clone()
            {
                self.run(&Cmd::Accept { agent: offer.to, conversation, offer: offer.id }, false);
            }
            if self.model.owes_wrap_up(&agent, conversation).is_some() {
                self.run(&Cmd::WrapUp { agent, conversation, reason: "resolved".to_owned() }, false);
            }
        }
    }

    /// B10: claims that lapse and attempts that fail, to the last one and beyond; and then by hand.
    pub fn attempts(&mut self, it: &Move) {
        let is_next = |it: &&crate::model::Message| matches!(it.step, Step::Due(_) | Step::Claimed(_));
        let next = self.model.messages.iter().filter(is_next).map(|it| it.id).collect::<Vec<_>>();
        let message = if next.is_empty() {
            let Some((conversation, agent)) = self.somebody_works(it.a) else { return };
            let of = self.model.conversation(conversation).clone();
            let message = self.about_to().step;
            self.run(&send(&of, &agent, None, message), false);
            message
        } else {
            next[usize::from(it.a) % next.len()]
        };
        for turn in 0..5 {
            let Some(found) = self.model.messages.iter().find(|it| it.id == message) else { return };
            let (Step::Due(at) | Step::Claimed(at)) = found.step else { break };
            if bit(it.b, turn) {
                self.go_to(at - TICK);
                self.run(&Cmd::Claim { message }, false);
            }
            self.go_to(at);
            self.run(&Cmd::Claim { message }, it.again);
            let claimed = self.model.message(message).clone();
            if bit(it.c, turn) && matches!(claimed.step, Step::Claimed(_)) {
                let provider = if bit(it.d, turn) { Provider::Takes(vec![]) } else { Provider::Transient("busy", 0) };
                self.run(&Cmd::Attempt { message, attempt: claimed.attempts, provider }, it.again);
            }
        }
        let of = self.model.message(message).clone();
        if let Some((_, agent)) = self.model.working().into_iter().find(|it| it.0 == of.conversation) {
            let seen = crate::model::Seen::NotTold;
            for _ in 0..2 {
                self.run(&Cmd::Retry { agent: agent.clone(), message, seen: seen.clone(), because: None }, false);
            }
        }
    }

    /// B5: a customer wants no messages and wants them, at several addresses and at one moment.
    pub fn wishes(&mut self, it: &Move) {
        if it.d % 4 != 3 {
            self.set_up(&[of(&[10, 10, 31, 9], it.d)]);
        }
        for turn in 0..4 {
            let (channel, entry_point, address) = OF_MARIA[usize::from(it.a >> (2 * turn)) % 4 % 3];
            self.run(
                &Cmd::Consent {
                    agent: None,
                    channel: channel.to_owned(),
                    address: address.to_owned(),
                    change: match it.b >> (2 * turn) & 3 {
                        0 | 3 => Change::OptOut,
                        1 => Change::OptIn,
                        _ if bit(it.d, 7 - turn) => Change::Suppress(None),
                        _ => Change::Suppress(Some(self.model.now + MINUTE)),
                    },
                    about: bit(it.c, turn).then(|| entry_point.to_owned()),
                    customer: Some("maria".to_owned()),
                },
                it.again,
            );
            if bit(it.c, 4 + turn) {
                self.go_to(self.model.now + of(&[TICK, 0, 2 * TICK, SECOND], it.b / 16));
            }
        }
        let agent = of(&["ana", "bruno", "hugo"], it.d / 4);
        self.fit(agent);
        for (channel, entry_point, address) in OF_MARIA {
            self.run(&Self::start(agent, (channel, entry_point, address)), false);
            self.write_to(address);
        }
    }

    /// Who has a conversation with an address writes to it.
    fn write_to(&mut self, address: &str) {
        let working = self.model.working();
        let held = self.model.conversations.iter().filter(|of| of.address == address);
        let held = held.filter_map(|of| Some((of.clone(), working.iter().find(|it| it.0 == of.id)?.1.clone())));
        for (of, agent) in held.collect::<Vec<_>>() {
            let command = send(&of, &agent, None, self.about_to().step);
            self.run(&command, false);
        }
    }

    /// B5: the words, each perhaps twice, to one entry point or the other.
    pub fn keywords(&mut self, it: &Move) {
        if it.d % 4 != 3 {
            self.set_up(&[11, of(&[31, 8, 10, 9], it.d / 4)]);
        }
        let from = of(&["+351912345671", "+351912345677", "+5511987654321"], it.d / 16);
        for turn in 0..4 {
            let step = self.about_to().step;
            self.run(
                &Cmd::Receive {
                    entry_point: if bit(it.b, turn) { "sms_sales" } else { "sms_care" }.to_owned(),
                    from: from.to_owned(),
                    provider: format!("new-{step}"),
                    text: if bit(it.a, turn) { "START" } else { "STOP" }.to_owned(),
                    subject: None,
                    customer: None,
                },
                it.again,
            );
            if bit(it.b, 4 + turn) {
                self.write_to(from);
            }
            if bit(it.c, turn) {
                self.go_to(self.model.now + TICK);
            }
        }
        if bit(it.c, 7) {
            self.pump(3, it.c);
        }
    }

    /// R12: an agent starts until there is no slot left, and once more; and again when one is free.
    pub fn fill(&mut self, it: &Move) {
        let agent = of(&["ana", "bruno", "iris", "hugo", "julia", "carla", "gil"], it.a);
        self.fit(agent);
        for number in 0..usize::from(it.c % 4) {
            let class = of(&["social", "email", "social", "voice"], it.b).to_owned();
            let interaction = format!("i{number}");
            self.run(&Cmd::Begin { agent: agent.to_owned(), class, interaction, offered: bit(it.d, number) }, false);
        }
        let from = usize::from(it.b) % PLACES.len();
        let mut one_beyond = 0;
        for place in PLACES[from..].iter().chain(&PLACES[..from]) {
            let start = Self::start(agent, *place);
            one_beyond += usize::from(!self.about_to().would(&start));
            self.run(&start, false);
            if one_beyond > 1 {
                break;
            }
        }
        if let Some((conversation, agent)) = self.model.working().into_iter().find(|it| it.1 == agent) {
            self.run(&Cmd::Close { agent: Some(agent.clone()), conversation }, false);
            let place = PLACES[from];
            self.run(&Self::start(&agent, place), false);
            self.run(&Cmd::WrapUp { agent: agent.clone(), conversation, reason: "resolved".to_owned() }, false);
            self.run(&Self::start(&agent, place), false);
        }
    }

    /// R49, B4: who was asked, or asked, can no longer take it when the answer comes.
    pub fn lost(&mut self, it: &Move) {
        let kind = if bit(it.a, 7) { Kind::Offer } else { Kind::Handover };
        for agent in ["ana", "bruno", "hugo"] {
            self.fit(agent);
        }
        self.somebody_works(it.a);
        let ways = self.about_to().bringing_about(kind);
        self.first(&ways, it.b);
        let step = self.model.step;
        let asked = self.model.conversations.iter().find_map(|of| match &of.task {
            Task::Frozen { transfer: asked, .. } | Task::Active { asked: Some(asked), .. } if asked.id == step => {
                Some((of.id, asked.to.clone()))
            }
            _ => None,
        });
        let Some((conversation, to)) = asked else { return };
        match it.c % 8 {
            0 => self.run(&Cmd::SignOut { agent: to.clone(), requeue: true }, false),
            1 => self.set_up(&[of(&[12, 0, 1, 2, 3], it.d)]),
            2 | 3 => {
                for place in PLACES {
                    self.run(&Self::start(&to, place), false);
                }
            }
            4 | 5 => {
                for number in 0..5 {
                    let (agent, class, interaction) = (to.clone(), "social".to_owned(), format!("i{number}"));
                    self.run(&Cmd::Begin { agent, class, interaction, offered: false }, false);
                }
            }
            _ => {}
        }
        if bit(it.d, 7) {
            self.set_up(&[0]);
        }
        match self.model.conversation(conversation).task.clone() {
            Task::Frozen { transfer, .. } if bit(it.d, 6) => {
                self.run(&Cmd::Decline { agent: to, conversation, offer: transfer.id }, it.again);
            }
            Task::Frozen { transfer, .. } => {
                self.run(&Cmd::Accept { agent: to, conversation, offer: transfer.id }, it.again);
            }
            Task::Active { agent, asked: Some(asked), .. } => {
                let give = !bit(it.d, 6) || bit(it.d, 5);
                self.run(&Cmd::AnswerHandover { agent, conversation, request: asked.id, give }, it.again);
            }
            _ => {}
        }
    }

    /// B10: messages that share names, and receipts under each of them, early and late.
    pub fn names(&mut self, it: &Move) {
        let Some((conversation, agent)) = self.somebody_works(it.a) else { return };
        for turn in 0..2 {
            let of_it = self.model.conversation(conversation).clone();
            let (message, entry_point) = (self.about_to().step, of_it.entry_point.clone());
            self.run(&send(&of_it, &agent, None, message), false);
            if !self.model.messages.iter().any(|it| it.id == message && matches!(it.step, Step::Due(_))) {
                return;
            }
            let names = [name_of(message), "further-1".to_owned(), "further-2".to_owned()];
            let report = |number: u8| Cmd::Report {
                entry_point: entry_point.clone(),
                provider: names[of(&[0, 1, 2, 1], number)].clone(),
                status: of(&["sent", "delivered", "failed", "read"], number / 4),
                problem: of(&[None, Some("opted_out"), Some("no_such_address"), None], number / 16),
            };
            if bit(it.b, turn) {
                self.run(&report(it.c), it.again);
                self.run(&report(it.d), false);
            }
            self.run(&Cmd::Claim { message }, false);
            let further = of(&[&names[1..2], &names[1..], &names[..2], &[]], it.b >> (2 + 2 * turn)).to_vec();
            self.run(&Cmd::Attempt { message, attempt: 1, provider: Provider::Takes(further) }, it.again);
            self.run(&report(it.c.rotate_left(2)), false);
            self.run(&report(it.d.rotate_left(2)), it.again);
        }
        // Whoever writes can be reached.
        let of_it = self.model.conversation(conversation).clone();
        let provider = format!("new-{}", self.about_to().step);
        self.run(
            &Cmd::Receive {
                entry_point: of_it.entry_point,
                from: of_it.address.clone(),
                provider,
                text: "hello".to_owned(),
                subject: None,
                customer: None,
            },
            it.again,
        );
        self.write_to(&of_it.address);
    }

    /// R49, R6: an agent lets offers lapse, of one class and of another, and comes back.
    pub fn rona(&mut self, it: &Move) {
        let target = of(&["hugo", "hugo", "bruno", "iris"], it.a).to_owned();
        self.fit(&target);
        for place in [PLACES[usize::from(it.b) % PLACES.len()], PLACES[usize::from(it.b / 16) % PLACES.len()]] {
            self.fit("ana");
            self.run(&Self::start("ana", place), false);
            let held = self.model.working().into_iter().filter(|it| it.1 == "ana");
            let ways: Vec<Cmd> = held
                .map(|(conversation, agent)| Cmd::Transfer { agent, conversation, to: To::Agent(target.clone()) })
                .collect();
            if let Some(Cmd::Transfer { conversation, .. }) = self.first(&ways, it.c)
                && let Task::Frozen { transfer, .. } = self.model.conversation(conversation).task.clone()
            {
                self.go_to(transfer.expires);
                self.fire();
            }
        }
        let (class, idle) = (of(&["social", "email", "voice", "chat"], it.c), bit(it.c, 2).then(|| "lunch".to_owned()));
        let states = [None, Some(class.to_owned())].map(|class| Cmd::SetState {
            agent: target.clone(),
            class,
            idle: idle.clone(),
        });
        let (agent, interaction) = (target.clone(), "i0".to_owned());
        let begin = Cmd::Begin { agent, class: class.to_owned(), interaction, offered: true };
        let start = Self::start(&target, PLACES[usize::from(it.d) % PLACES.len()]);
        let [all, one] = states;
        for (nth, command) in [all, one, begin, start].into_iter().enumerate() {
            if bit(it.d, nth) {
                self.run(&command, false);
            }
        }
        self.run(&Cmd::Recover { agent: target, idle }, it.again);
    }

    /// R49, B13: a queue that is told for a task no longer takes its channel, or is gone, when the task goes there.
    pub fn homes(&mut self, it: &Move) {
        self.set_up(&[31]);
        let (agent, place) = (of(&["ana", "bruno", "hugo"], it.a), PLACES[usize::from(it.a / 4) % PLACES.len()]);
        self.fit(agent);
        self.run(&Self::start(agent, place), false);
        let Some((conversation, agent)) = self.model.working().pop() else { return };
        let queue = of(&["sales_queue", "sales_queue", "fallback", "care_queue"], it.b);
        if bit(it.c, 0) {
            let until = self.model.now + MINUTE;
            self.run(&Cmd::Park { agent: agent.clone(), conversation, until, queue: Some(queue.to_owned()) }, it.again);
        } else {
            self.run(&Cmd::Transfer { agent: agent.clone(), conversation, to: To::Queue(queue.to_owned()) }, it.again);
            self.run(&Cmd::Route { queue: queue.to_owned(), agent: None }, false);
        }
        if bit(it.c, 4) {
            self.go_to(self.model.now + TICK);
        }
        self.set_up(&[of(&[23, 15, 15, 1], it.d)]);
        if bit(it.c, 1) {
            self.run(&Cmd::Rehome { conversation }, false);
        }
        if bit(it.c, 2) {
            self.run(&Cmd::SetState { agent, class: None, idle: Some("lunch".to_owned()) }, false);
        }
        match self.model.conversation(conversation).task.clone() {
            Task::Offered { offer, .. } if bit(it.c, 3) => {
                self.run(&Cmd::Decline { agent: offer.to, conversation, offer: offer.id }, it.again);
            }
            Task::Offered { offer: Offer { expires: until, .. }, .. } | Task::Parked { until, .. } => {
                self.go_to(until);
                self.fire();
            }
            _ => {}
        }
    }

    /// R27: a subject in one conversation, and then in others with the same customer and with another.
    pub fn subjects(&mut self, it: &Move) {
        let agent = of(&["ana", "bruno", "hugo"], it.a);
        self.fit(agent);
        for (turn, to) in ["rita@example.com", "rita@example.com", "maria@example.com"].into_iter().enumerate() {
            self.run(&Self::start(agent, ("email", "mail_care", to)), false);
            let open = self.model.conversations.iter().find(|of| of.address == to && !of.closed).map(|of| of.id);
            let Some(conversation) = open else { return };
            for nth in 0..2 {
                let subject =
                    of(&[Some("Your order"), Some("RE: your  order"), None, Some("Another")], it.b >> (2 * nth));
                self.run(
                    &Cmd::Send {
                        agent: agent.to_owned(),
                        conversation,
                        text: "hello".to_owned(),
                        subject: subject.map(str::to_owned),
                        seen: crate::model::Seen::NotTold,
                        not_after: None,
                        because: None,
                    },
                    it.again,
                );
            }
            if bit(it.c, turn) {
                self.run(&Cmd::Close { agent: Some(agent.to_owned()), conversation }, false);
            }
        }
    }

    /// R50: more time for the reason, before the deadline and after it, as often as there is, and once more.
    pub fn extensions(&mut self, it: &Move) {
        if it.d.is_multiple_of(4) {
            self.set_up(&[23]);
        }
        if self.model.wrap_ups().is_empty() {
            let Some((conversation, agent)) = self.somebody_works(it.a) else { return };
            self.run(&Cmd::Close { agent: Some(agent), conversation }, false);
        }
        let owed = self.model.wrap_ups();
        let Some((agent, slot)) = owed.get(usize::from(it.a) % owed.len().max(1)).cloned() else { return };
        let Some(conversation) = slot.held.conversation() else { return };
        for turn in 0..3 {
            let Some((deadline, _)) = self.model.owes_wrap_up(&agent, conversation) else { return };
            let late = [-SECOND, -TICK, 0, TICK, SECOND, 30 * SECOND][usize::from(it.b.rotate_right(3 * turn) % 6)];
            if bit(it.c, turn as usize) {
                self.go_to(deadline + late);
            }
            self.run(&Cmd::Extend { agent: agent.clone(), conversation }, it.again);
        }
        if bit(it.c, 3) {
            self.run(&Cmd::WrapUp { agent, conversation, reason: "resolved".to_owned() }, it.again);
        } else {
            self.fire();
        }
    }
}
