//! The reference model: the rules told a second time, in the dumbest way, without a line of the crate.
//!
//! Everything is a `String`, a number or a `Vec`, and looked for from the front. Conversations and messages are called by the
//! number of the command that made them. Times are nanoseconds since the beginning. A command is refused with a set of codes, or
//! done to the state.

mod agents;
mod consent;
pub mod deadlines;
pub mod host;
mod hours;
mod messages;
mod setup;
mod tasks;

use std::collections::{BTreeMap, BTreeSet};

pub use hours::{Hours, MINUTE, offset};
pub use messages::name_of;
pub use setup::Setup;

pub const SECOND: i64 = 1_000_000_000;
/// The least by which the clock moves.
pub const TICK: i64 = 1_000;
pub const CLASSES: [&str; 4] = ["voice", "chat", "email", "social"];

/// Why not.
pub type Codes = BTreeSet<&'static str>;

/// What a command answers, as far as it is a matter of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Done,
    Opened,
    TookOver,
    Asked,
    Queued(String),
    Taken,
    Declined,
    Withdrawn(BTreeSet<String>),
    Received {
        message: usize,
        conversation: usize,
        opened: bool,
        duplicate: bool,
    },
    Sent {
        number: usize,
        not_before: Option<i64>,
    },
    Offered {
        conversation: usize,
        to: String,
        expires: i64,
    },
    /// The attempt, and when it is too late for it.
    ToBeSent {
        attempt: usize,
        not_after: i64,
    },
    Deferred(i64),
    Claimed(&'static str),
    Advanced(String),
    OldNews(String),
    Early,
    Fired(usize),
}

pub type Outcome = Result<Answer, Codes>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    Agent(String),
    Queue(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    NotTold,
    Nothing,
    UpTo(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provider {
    /// And under which further names.
    Takes(Vec<String>),
    /// And for how many seconds at least.
    Transient(&'static str, i64),
    Permanent(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    OptOut,
    OptIn,
    Suppress(Option<i64>),
    Lift,
}

/// A command, by name and number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cmd {
    SignIn {
        agent: String,
        team: String,
        idle: Option<String>,
    },
    SignOut {
        agent: String,
        requeue: bool,
    },
    SetState {
        agent: String,
        class: Option<String>,
        idle: Option<String>,
    },
    Recover {
        agent: String,
        idle: Option<String>,
    },
    Begin {
        agent: String,
        class: String,
        interaction: String,
        offered: bool,
    },
    End {
        agent: String,
        interaction: String,
    },
    Start {
        agent: String,
        channel: String,
        entry_point: String,
        to: String,
        customer: Option<String>,
        conflict: &'static str,
    },
    Receive {
        entry_point: String,
        from: String,
        provider: String,
        text: String,
        subject: Option<String>,
        customer: Option<String>,
    },
    Send {
        agent: String,
        conversation: usize,
        text: String,
        subject: Option<String>,
        seen: Seen,
        not_after: Option<i64>,
        /// Why hours and caps are overridden.
        because: Option<&'static str>,
    },
    Retry {
        agent: String,
        message: usize,
        seen: Seen,
        because: Option<&'static str>,
    },
    Close {
        agent: Option<String>,
        conversation: usize,
    },
    Transfer {
        agent: String,
        conversation: usize,
        to: To,
    },
    Cancel {
        agent: String,
        conversation: usize,
    },
    Accept {
        agent: String,
        conversation: usize,
        offer: usize,
    },
    Decline {
        agent: String,
        conversation: usize,
        offer: usize,
    },
    AnswerHandover {
        agent: String,
        conversation: usize,
        request: usize,
        give: bool,
    },
    Park {
        agent: String,
        conversation: usize,
        until: i64,
        queue: Option<String>,
    },
    Wake {
        conversation: usize,
    },
    Rehome {
        conversation: usize,
    },
    Workflow {
        agent: String,
        conversation: usize,
        workflow: String,
    },
    Conference {
        agent: String,
        conversation: usize,
    },
    WrapUp {
        agent: String,
        conversation: usize,
        reason: String,
    },
    Extend {
        agent: String,
        conversation: usize,
    },
    Route {
        queue: String,
        agent: Option<String>,
    },
    FireConversation {
        conversation: usize,
    },
    FireAgent {
        agent: String,
    },
    Claim {
        message: usize,
    },
    Attempt {
        message: usize,
        attempt: usize,
        provider: Provider,
    },
    Report {
        entry_point: String,
        provider: String,
        status: &'static str,
        problem: Option<&'static str>,
    },
    Consent {
        agent: Option<String>,
        channel: String,
        address: String,
        change: Change,
        about: Option<String>,
        customer: Option<String>,
    },
    Zone {
        channel: String,
        address: String,
        zone: Option<String>,
        customer: Option<String>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    Offer(usize),
    Task(usize),
    WrapUp { conversation: usize, deadline: i64, extensions: usize },
    Interaction(String),
}

impl Held {
    pub fn conversation(&self) -> Option<usize> {
        match self {
            Self::Offer(it) | Self::Task(it) | Self::WrapUp { conversation: it, .. } => Some(*it),
            Self::Interaction(_) => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    pub class: String,
    pub outbound: bool,
    pub held: Held,
}

/// An agent who signed in once.
#[derive(Debug, Clone)]
pub struct Presence {
    pub agent: String,
    pub team: Option<String>,
    /// By class: `available`, `rona` or `idle` and the reason; and since when.
    pub states: Vec<(String, i64)>,
    pub slots: Vec<Slot>,
    pub transferring: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub id: usize,
    pub to: String,
    pub expires: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    Queued { queue: String, since: i64 },
    Offered { queue: String, since: i64, offer: Offer },
    Active { agent: String, since: i64, asked: Option<Offer> },
    Frozen { agent: String, since: i64, transfer: Offer },
    Parked { by: String, queue: String, until: i64 },
    WrapUp { agent: String },
    Done,
}

#[derive(Debug, Clone)]
pub struct Conversation {
    pub id: usize,
    /// The text of its id, by which it stands among those that wait as long.
    pub rank: String,
    pub channel: String,
    pub entry_point: String,
    pub address: String,
    pub customer: String,
    pub outbound: bool,
    pub previous: Option<usize>,
    pub task: Task,
    pub hops: usize,
    pub closed: bool,
    pub subject: Option<String>,
    pub messages: usize,
    pub newest_inbound: Option<usize>,
    pub unsettled: Vec<usize>,
    /// Who held it, and the reason that was given for wrap-up.
    pub legs: Vec<(String, Option<String>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub about: Option<String>,
    pub out: bool,
    pub at: i64,
}

#[derive(Debug, Clone)]
pub struct Thread {
    pub entry_point: String,
    pub open: Option<usize>,
    pub latest: usize,
}

#[derive(Debug, Clone)]
pub struct Contact {
    pub address: String,
    pub customer: String,
    pub threads: Vec<Thread>,
    pub wishes: Vec<Wish>,
    /// Whether a provider said so, and until when.
    pub suppressed: BTreeMap<bool, i64>,
    pub zone: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Waiting,
    Due(i64),
    Claimed(i64),
    Settled,
}

#[derive(Debug, Clone)]
pub struct Message {
    /// The number of the command, and 1,000,000 more for a confirmation.
    pub id: usize,
    pub conversation: usize,
    pub number: usize,
    pub entry_point: String,
    pub address: String,
    pub inbound: bool,
    pub confirmation: bool,
    pub at: i64,
    pub hours: Hours,
    /// What the caps came to, and the customer's consent, as it is kept with it.
    pub caps: &'static str,
    pub consent: String,
    pub not_before: Option<i64>,
    pub status: &'static str,
    pub step: Step,
    pub attempts: usize,
    pub accepted: bool,
    pub retried: Option<usize>,
    pub not_after: i64,
    /// The subject under which it went, in its plain form.
    pub subject: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Reference {
    pub entry_point: String,
    pub provider: String,
    /// Whether it is a text message's that came in.
    pub received: bool,
    pub message: Option<usize>,
    pub early: Option<(&'static str, Option<&'static str>)>,
}

/// The world.
#[derive(Debug, Clone)]
pub struct Model {
    pub setup: Setup,
    pub now: i64,
    /// The number of the command that is done now.
    pub step: usize,
    /// The text of the conversation's id that this command would make.
    pub rank: String,
    pub presences: Vec<Presence>,
    pub conversations: Vec<Conversation>,
    pub contacts: Vec<Contact>,
    pub messages: Vec<Message>,
    pub references: Vec<Reference>,
    /// Customers' wishes for all of their addresses.
    pub customers: Vec<(String, Wish)>,
    /// When customers were written to who did not ask, as far as caps look back.
    pub written: Vec<(String, Vec<i64>)>,
    /// Which subject was first used with which customer in which conversation.
    pub subjects: Vec<(String, String, usize)>,
}

pub const CONFIRMATION: usize = 1_000_000;

pub fn refused(codes: &[&'static str]) -> Outcome {
    Err(codes.iter().copied().collect())
}

impl Model {
    pub fn new(setup: Setup) -> Self {
        Self {
            setup,
            now: 0,
            step: 0,
            rank: String::new(),
            presences: Vec::new(),
            conversations: Vec::new(),
            contacts: Vec::new(),
            messages: Vec::new(),
            references: Vec::new(),
            customers: Vec::new(),
            written: Vec::new(),
            subjects: Vec::new(),
        }
    }

    /// Whether a command would be done.
    pub fn would(&self, cmd: &Cmd) -> bool {
        self.clone().decide(cmd).is_ok()
    }

    /// Does a command, or says why not and leaves everything as it was.
    pub fn apply(&mut self, cmd: &Cmd) -> Outcome {
        let before = self.clone();
        let outcome = self.decide(cmd);
        if outcome.is_err() {
            *self = before;
        }
        outcome
    }

    fn decide(&mut self, cmd: &Cmd) -> Outcome {
        match cmd.clone() {
            Cmd::SignIn { agent, team, idle } => self.sign_in(&agent, &team, idle),
            Cmd::SignOut { agent, requeue } => self.sign_out(&agent, requeue),
            Cmd::SetState { agent, class, idle } => self.set_state(&agent, class, idle),
            Cmd::Recover { agent, idle } => self.recover(&agent, idle),
            Cmd::Begin { agent, class, interaction, offered } => self.begin(&agent, &class, &interaction, offered),
            Cmd::End { agent, interaction } => self.end(&agent, &interaction),
            Cmd::Start { agent, channel, entry_point, to, customer, conflict } => {
                self.start(&agent, &channel, &entry_point, &to, customer, conflict)
            }
            Cmd::Receive { entry_point, from, provider, text, subject, customer } => {
                self.receive(&entry_point, &from, &provider, &text, subject, customer)
            }
            Cmd::Send { agent, conversation, text, subject, seen, not_after, because } => {
                self.send(&agent, conversation, &text, subject, &seen, not_after, because.is_some())
            }
            Cmd::Retry { agent, message, seen, because } => self.retry(&agent, message, &seen, because.is_some()),
            Cmd::Close { agent, conversation } => self.close(agent, conversation),
            Cmd::Transfer { agent, conversation, to } => self.transfer(&agent, conversation, to),
            Cmd::Cancel { agent, conversation } => self.cancel(&agent, conversation),
            Cmd::Accept { agent, conversation, offer } => self.accept(&agent, conversation, offer),
            Cmd::Decline { agent, conversation, offer } => self.decline(&agent, conversation, offer),
            Cmd::AnswerHandover { agent, conversation, request, give } => {
                self.answer_handover(&agent, conversation, request, give)
            }
            Cmd::Park { agent, conversation, until, queue } => self.park(&agent, conversation, until, queue),
            Cmd::Wake { conversation } => self.wake_now(conversation),
            Cmd::Rehome { conversation } => self.rehome(conversation),
            Cmd::Workflow { agent, conversation, workflow } => self.workflow(&agent, conversation, &workflow),
            Cmd::Conference { conversation, .. } => match self.has(conversation) {
                true => refused(&["conference.not_supported"]),
                false => refused(&["conversation.unknown"]),
            },
            Cmd::WrapUp { agent, conversation, reason } => self.give_reason(&agent, conversation, &reason),
            Cmd::Extend { agent, conversation } => self.extend(&agent, conversation),
            Cmd::Route { queue, agent } => self.route(&queue, agent),
            Cmd::FireConversation { conversation } => self.fire_conversation(conversation),
            Cmd::FireAgent { agent } => self.fire_agent(&agent),
            Cmd::Claim { message } => self.claim(message),
            Cmd::Attempt { message, attempt, provider } => self.attempt(message, attempt, &provider),
            Cmd::Report { entry_point, provider, status, problem } => {
                self.report(&entry_point, &provider, status, problem)
            }
            Cmd::Consent { agent, channel, address, change, about, customer } => {
                self.set_consent(agent, &channel, &address, change, about, customer)
            }
            Cmd::Zone { channel, address, zone, customer } => self.set_zone(&channel, &address, zone, customer),
        }
    }

    /// Who works on what.
    pub fn working(&self) -> Vec<(usize, String)> {
        let holder = |it: &Conversation| match &it.task {
            Task::Active { agent, .. } => Some((it.id, agent.clone())),
            _ => None,
        };
        self.conversations.iter().filter_map(holder).collect()
    }

    pub fn has(&self, conversation: usize) -> bool {
        self.conversations.iter().any(|it| it.id == conversation)
    }

    pub fn conversation(&mut self, id: usize) -> &mut Conversation {
        self.conversations.iter_mut().find(|it| it.id == id).unwrap()
    }

    pub fn message(&mut self, id: usize) -> &mut Message {
        self.messages.iter_mut().find(|it| it.id == id).unwrap()
    }

    pub fn presence(&self, agent: &str) -> Option<&Presence> {
        self.presences.iter().find(|it| it.agent == agent)
    }

    pub fn presence_mut(&mut self, agent: &str) -> &mut Presence {
        self.presences.iter_mut().find(|it| it.agent == agent).unwrap()
    }

    pub fn contact(&self, address: &str) -> Option<&Contact> {
        self.contacts.iter().find(|it| it.address == address)
    }

    pub fn contact_mut(&mut self, address: &str) -> &mut Contact {
        self.contacts.iter_mut().find(|it| it.address == address).unwrap()
    }
}

/// The class of media of a channel.
pub fn class_of(channel: &str) -> &str {
    if channel == "sms" { "social" } else { channel }
}

/// R14, R15, B9: the one form of an address, however it is written; or why it is none.
pub fn address(channel: &str, typed: &str) -> Result<String, &'static str> {
    let plain: String = typed.chars().filter(|c| *c != ' ').collect::<String>().to_lowercase();
    if channel == "email" {
        return if plain.contains('@') { Ok(plain) } else { Err("address.not_an_email") };
    }
    if plain.chars().any(char::is_alphabetic) {
        return Err("address.not_a_number");
    }
    if !plain.starts_with('+') {
        return Err("address.no_country_code");
    }
    // A mobile number of São Paulo with or without its ninth digit.
    match plain.strip_prefix("+5511") {
        Some(rest) if rest.len() == 8 => Ok(format!("+55119{rest}")),
        _ => Ok(plain),
    }
}

/// R27: a subject without what is the same to people.
pub fn plain_subject(text: &str) -> String {
    let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let mut words = &words[..];
    while words.first().is_some_and(|word| word == "re:" || word == "fwd:") {
        words = &words[1..];
    }
    words.join(" ")
}
