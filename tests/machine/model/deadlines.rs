//! The times at which something changes by itself, each with the commands that would notice it.

use super::{Change, Cmd, Conversation, Held, Model, Provider, Seen, Slot, Step, Task, To};

/// What has a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Offer,
    Handover,
    Parking,
    WrapUp,
    Attempt,
    TooLate,
    Suppression,
    Opening,
    Cap,
    Answer,
}

pub const KINDS: [Kind; 10] = [
    Kind::Offer,
    Kind::Handover,
    Kind::Parking,
    Kind::WrapUp,
    Kind::Attempt,
    Kind::TooLate,
    Kind::Suppression,
    Kind::Opening,
    Kind::Cap,
    Kind::Answer,
];

/// A time, and what is worth trying around it.
pub type Deadline = (i64, Vec<Cmd>);

impl Model {
    /// The deadlines of a kind, the first one first.
    pub fn deadlines(&self, kind: Kind) -> Vec<Deadline> {
        let mut all: Vec<Deadline> = match kind {
            Kind::Offer => self.conversations.iter().filter_map(|it| self.of_offer(it)).collect(),
            Kind::Handover => self.conversations.iter().filter_map(|it| self.of_handover(it)).collect(),
            Kind::Parking => self.conversations.iter().filter_map(|it| self.of_parking(it)).collect(),
            Kind::WrapUp => self.wrap_ups().into_iter().map(|(agent, slot)| self.of_wrap_up(&agent, &slot)).collect(),
            Kind::Attempt => self.messages.iter().filter_map(of_attempt).collect(),
            Kind::TooLate => self.of_expiry(),
            Kind::Suppression => self.of_suppressions(),
            Kind::Opening => self.of_hours(),
            Kind::Cap => self.of_caps(),
            Kind::Answer => self.of_answers(),
        };
        all.retain(|(_, commands)| !commands.is_empty());
        all.sort_by_key(|(at, _)| *at);
        all
    }

    fn of_offer(&self, it: &Conversation) -> Option<Deadline> {
        let conversation = it.id;
        let (offer, sender) = match &it.task {
            Task::Offered { offer, .. } => (offer, None),
            Task::Frozen { transfer, agent, .. } => (transfer, Some(agent.clone())),
            _ => return None,
        };
        let (agent, id) = (offer.to.clone(), offer.id);
        let mut commands = vec![
            Cmd::Accept { agent: agent.clone(), conversation, offer: id },
            Cmd::Decline { agent: agent.clone(), conversation, offer: id },
            Cmd::FireConversation { conversation },
            Cmd::SignOut { agent, requeue: false },
        ];
        commands.extend(sender.map(|agent| Cmd::Cancel { agent, conversation }));
        Some((offer.expires, commands))
    }

    fn of_handover(&self, it: &Conversation) -> Option<Deadline> {
        let Task::Active { agent: holder, asked: Some(asked), .. } = &it.task else { return None };
        let (conversation, request, agent) = (it.id, asked.id, holder.clone());
        let mut commands = vec![
            Cmd::AnswerHandover { agent: agent.clone(), conversation, request, give: true },
            Cmd::AnswerHandover { agent, conversation, request, give: false },
            Cmd::FireConversation { conversation },
        ];
        commands.extend(self.everybody().map(|agent| start_again(it, agent, "ask_holder")));
        Some((asked.expires, commands))
    }

    fn of_parking(&self, it: &Conversation) -> Option<Deadline> {
        let Task::Parked { until, .. } = &it.task else { return None };
        let conversation = it.id;
        let mut commands = vec![
            Cmd::Wake { conversation },
            Cmd::FireConversation { conversation },
            Cmd::Close { agent: None, conversation },
            Cmd::Receive {
                entry_point: it.entry_point.clone(),
                from: it.address.clone(),
                provider: format!("new-{}", self.step),
                text: "hello".to_owned(),
                subject: None,
                customer: None,
            },
        ];
        commands.extend(self.everybody().map(|agent| start_again(it, agent, "take_over")));
        Some((*until, commands))
    }

    pub fn wrap_ups(&self) -> Vec<(String, Slot)> {
        let slots = self.presences.iter().flat_map(|it| it.slots.iter().map(|slot| (it.agent.clone(), slot.clone())));
        slots.filter(|(_, slot)| matches!(slot.held, Held::WrapUp { .. })).collect()
    }

    fn of_wrap_up(&self, agent: &str, slot: &Slot) -> Deadline {
        let Held::WrapUp { conversation, deadline, .. } = slot.held else { return (0, vec![]) };
        let agent = agent.to_owned();
        let reason = "resolved".to_owned();
        let commands = vec![
            Cmd::Extend { agent: agent.clone(), conversation },
            Cmd::WrapUp { agent: agent.clone(), conversation, reason },
            Cmd::FireAgent { agent },
        ];
        (deadline, commands)
    }

    /// When a message is too late, and what is tried with those whose turn it is.
    fn of_expiry(&self) -> Vec<Deadline> {
        let unsettled = self.messages.iter().filter(|it| it.step != Step::Settled);
        unsettled
            .map(|it| {
                let (message, attempt, provider) = (it.id, it.attempts, Provider::Transient("busy", 0));
                (it.not_after, vec![Cmd::Claim { message }, Cmd::Attempt { message, attempt, provider }])
            })
            .collect()
    }

    fn of_suppressions(&self) -> Vec<Deadline> {
        let mut all = Vec::new();
        for (it, until) in self.contacts.iter().flat_map(|it| it.suppressed.values().map(move |until| (it, *until))) {
            let mut commands = self.writing_to(&it.address);
            let (channel, address) = (channel_of(&it.address), it.address.clone());
            let consent = |change| Cmd::Consent {
                agent: None,
                channel: channel.to_owned(),
                address: address.clone(),
                change,
                about: None,
                customer: None,
            };
            commands.push(consent(Change::Lift));
            commands.push(consent(Change::Suppress(Some(until))));
            let entry_point = if channel == "sms" { "sms_care" } else { "mail_care" };
            commands.extend(self.everybody().map(|agent| Cmd::Start {
                agent,
                channel: channel.to_owned(),
                entry_point: entry_point.to_owned(),
                to: address.clone(),
                customer: None,
                conflict: "refuse",
            }));
            all.push((until, commands));
        }
        all
    }

    /// Until when an answer is one that was asked for.
    fn of_answers(&self) -> Vec<Deadline> {
        let organization = &self.setup.organization;
        let minutes = [organization.quiet_hours.answers_exempt_minutes, organization.caps.answers_exempt_minutes];
        let mut all = Vec::new();
        for it in self.conversations.iter().filter(|it| !it.closed) {
            for minutes in minutes.iter().filter(|minutes| **minutes > 0) {
                let inbound = self.messages.iter().find(|message| Some(message.id) == it.newest_inbound);
                all.extend(inbound.map(|inbound| (inbound.at + minutes * super::MINUTE, self.writing_to(&it.address))));
            }
        }
        all
    }

    /// What writes to an address: messages of those who hold its conversations, and those that wait in the outbox.
    pub fn writing_to(&self, address: &str) -> Vec<Cmd> {
        let mut commands = Vec::new();
        for it in self.conversations.iter().filter(|it| it.address == address) {
            if let Task::Active { agent, .. } = &it.task {
                commands.push(send(it, agent, None, self.step));
                commands.push(send(it, agent, Some("urgent"), self.step));
            }
        }
        let due = self.messages.iter().filter(|it| it.address == address && it.step != Step::Settled);
        commands.extend(due.map(|it| Cmd::Claim { message: it.id }));
        commands
    }

    pub fn everybody(&self) -> impl Iterator<Item = String> {
        self.presences.iter().filter(|it| it.team.is_some()).map(|it| it.agent.clone())
    }

    /// Commands that would bring a deadline of a kind about.
    pub fn bringing_about(&self, kind: Kind) -> Vec<Cmd> {
        let mut commands = Vec::new();
        let held = self.conversations.iter().filter_map(|it| match &it.task {
            Task::Active { agent, .. } => Some((it, agent)),
            _ => None,
        });
        for (it, holder) in held {
            let (conversation, agent) = (it.id, holder.clone());
            match kind {
                Kind::Offer => commands.extend(self.everybody().map(|to| Cmd::Transfer {
                    agent: agent.clone(),
                    conversation,
                    to: To::Agent(to),
                })),
                Kind::Handover => commands.extend(self.everybody().map(|to| start_again(it, to, "ask_holder"))),
                Kind::Parking => {
                    commands.push(Cmd::Park { agent, conversation, until: self.now + super::MINUTE, queue: None });
                }
                Kind::WrapUp => commands.push(Cmd::Close { agent: Some(agent), conversation }),
                Kind::Attempt | Kind::TooLate | Kind::Cap => commands.push(send(it, &agent, None, self.step)),
                Kind::Answer => commands.push(Cmd::Receive {
                    entry_point: it.entry_point.clone(),
                    from: it.address.clone(),
                    provider: format!("new-{}", self.step),
                    text: "hello".to_owned(),
                    subject: None,
                    customer: None,
                }),
                Kind::Suppression => commands.push(Cmd::Consent {
                    agent: None,
                    channel: it.channel.clone(),
                    address: it.address.clone(),
                    change: Change::Suppress(Some(self.now + super::MINUTE)),
                    about: None,
                    customer: None,
                }),
                Kind::Opening => {}
            }
        }
        commands
    }
}

/// A message under a subject of its own.
pub fn send(it: &Conversation, agent: &str, because: Option<&'static str>, step: usize) -> Cmd {
    Cmd::Send {
        agent: agent.to_owned(),
        conversation: it.id,
        text: "hello".to_owned(),
        subject: (it.channel == "email" && it.subject.is_none()).then(|| format!("about {step}")),
        seen: Seen::NotTold,
        not_after: None,
        because,
    }
}

fn start_again(it: &Conversation, agent: String, conflict: &'static str) -> Cmd {
    let (channel, entry_point, to) = (it.channel.clone(), it.entry_point.clone(), it.address.clone());
    Cmd::Start { agent, channel, entry_point, to, customer: None, conflict }
}

fn of_attempt(it: &super::Message) -> Option<Deadline> {
    let (Step::Due(at) | Step::Claimed(at)) = it.step else { return None };
    let (message, attempt) = (it.id, it.attempts);
    let mut commands = vec![Cmd::Claim { message }];
    let answers = [Provider::Transient("busy", 0), Provider::Takes(vec![]), Provider::Permanent("blocked")];
    commands.extend(answers.map(|provider| Cmd::Attempt { message, attempt, provider }));
    Some((at, commands))
}

/// The channel that an address is on.
pub fn channel_of(address: &str) -> &'static str {
    if address.contains('@') { "email" } else { "sms" }
}
