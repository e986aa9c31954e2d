//! Moves: what is tried, as small numbers; and the commands that they stand for once there is a world to try them in.
//!
//! A number chooses among what fits (the third conversation that somebody holds), and now and then among what does not.

use proptest::prelude::*;

use crate::model::{Change, Cmd, Conversation, Held, Model, Provider, SECOND, Seen, Step, TICK, Task, To, name_of};

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    SignIn,
    SignOut,
    SetState,
    Recover,
    Begin,
    End,
    Start,
    StartAgain,
    Receive,
    Send,
    Retry,
    Close,
    ToAgent,
    ToQueue,
    Cancel,
    Accept,
    Decline,
    Answer,
    Park,
    Wake,
    Rehome,
    Workflow,
    Conference,
    WrapUp,
    Extend,
    Route,
    Fire,
    Claim,
    Attempt,
    Report,
    Consent,
    Zone,
    Pass,
    Pump,
    SetUp,
    Deadline,
    Hops,
    Attempts,
    Wishes,
    Keywords,
    Fill,
    Extensions,
    Lost,
    Subjects,
    Homes,
    Names,
    Rona,
}

/// How often each is tried.
const SHARES: [(u32, What); 47] = [
    (6, What::SignIn),
    (3, What::SignOut),
    (2, What::SetState),
    (3, What::Recover),
    (3, What::Begin),
    (3, What::End),
    (16, What::Start),
    (8, What::StartAgain),
    (12, What::Receive),
    (16, What::Send),
    (6, What::Retry),
    (5, What::Close),
    (8, What::ToAgent),
    (4, What::ToQueue),
    (2, What::Cancel),
    (8, What::Accept),
    (3, What::Decline),
    (6, What::Answer),
    (4, What::Park),
    (2, What::Wake),
    (3, What::Rehome),
    (2, What::Workflow),
    (1, What::Conference),
    (4, What::WrapUp),
    (2, What::Extend),
    (8, What::Route),
    (2, What::Fire),
    (5, What::Claim),
    (5, What::Attempt),
    (6, What::Report),
    (3, What::Consent),
    (2, What::Zone),
    (7, What::Pass),
    (9, What::Pump),
    (2, What::SetUp),
    (24, What::Deadline),
    (3, What::Hops),
    (3, What::Attempts),
    (3, What::Wishes),
    (3, What::Keywords),
    (2, What::Fill),
    (3, What::Extensions),
    (4, What::Lost),
    (2, What::Subjects),
    (3, What::Homes),
    (3, What::Names),
    (3, What::Rona),
];

/// One try.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    pub what: What,
    pub a: u8,
    pub b: u8,
    pub c: u8,
    pub d: u8,
    /// Once more under the same id.
    pub again: bool,
}

fn one(what: impl Strategy<Value = What>) -> impl Strategy<Value = Move> {
    let numbers = (any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>());
    (what, numbers, prop::bool::weighted(0.1)).prop_map(|(what, (a, b, c, d), again)| Move { what, a, b, c, d, again })
}

/// A day: perhaps under another set-up some agents sign in, then anything happens.
pub fn day() -> impl Strategy<Value = Vec<Move>> {
    let anything = SHARES.iter().map(|(share, what)| (*share, Just(*what))).collect::<Vec<_>>();
    let set_up = prop::collection::vec(one(Just(What::SetUp)), 0..2);
    let come_in = prop::collection::vec(one(Just(What::SignIn)), 2..9);
    let rest = prop::collection::vec(one(prop::strategy::Union::new_weighted(anything)), 1..45);
    (set_up, come_in, rest).prop_map(|(set_up, come_in, rest)| set_up.into_iter().chain(come_in).chain(rest).collect())
}

/// The agents; those who can do something come more often.
pub const AGENTS: [&str; 20] = [
    "ana", "bruno", "carla", "hugo", "iris", "julia", "ana", "bruno", "hugo", "iris", "ana", "bruno", "hugo", "carla",
    "davi", "elena", "fabio", "gil", "julia", "nobody",
];
const NUMBERS: [&str; 6] =
    ["+351912345671", "+351 912 345 671", "+5511987654321", "+551187654321", "+351912345672", "+351912345671"];
const EMAILS: [&str; 4] = ["rita@example.com", "Rita@Example.com", "joao@example.org", "rita@example.com"];
const NONSENSE: [&str; 3] = ["12345", "somebody", "+35191x345671"];
pub const QUEUES: [&str; 4] = ["care_queue", "sales_queue", "fallback", "no_queue"];
const SUBJECTS: [&str; 3] = ["Your order", "Re: your  ORDER", "Something else"];

pub fn of<T: Copy>(all: &[T], number: u8) -> T {
    all[usize::from(number) % all.len()]
}

/// Something else, once in sixteen times.
fn rarely(number: u8) -> bool {
    number % 16 == 15
}

fn agent(number: u8) -> String {
    of(&AGENTS, number).to_owned()
}

fn address(channel: &str, number: u8) -> String {
    match channel {
        _ if number % 32 == 31 => of(&NONSENSE, number / 32),
        "email" => of(&EMAILS, number),
        _ => of(&NUMBERS, number),
    }
    .to_owned()
}

fn customer(number: u8) -> Option<String> {
    ["cust-1", "cust-2"].get(usize::from(number % 16)).map(|it| (*it).to_owned())
}

fn idle(number: u8) -> Option<String> {
    match number % 16 {
        0 => Some("lunch".to_owned()),
        1 => Some("no_reason".to_owned()),
        _ => None,
    }
}

fn entry_point(number: u8) -> (&'static str, &'static str) {
    let all = [
        ("sms", "sms_care"),
        ("email", "mail_care"),
        ("sms", "sms_sales"),
        ("sms", "sms_care"),
        ("email", "mail_care"),
    ];
    match number % 32 {
        30 => ("sms", "sms_old"),
        31 => ("sms", "mail_care"),
        29 => ("email", "no_entry_point"),
        28 => ("voice", "sms_care"),
        _ => of(&all, number),
    }
}

/// A conversation: mostly one of those that fit, else an open one, any, or none at all.
fn conversation(model: &Model, number: u8, fits: fn(&Conversation) -> bool) -> usize {
    let fitting: Vec<usize> = model.conversations.iter().filter(|it| fits(it)).map(|it| it.id).collect();
    let open: Vec<usize> = model.conversations.iter().filter(|it| !it.closed).map(|it| it.id).collect();
    let all: Vec<usize> = model.conversations.iter().map(|it| it.id).collect();
    let among = match number % 16 {
        0..13 if !fitting.is_empty() => fitting,
        0..14 if !open.is_empty() => open,
        0..15 => all,
        _ => Vec::new(),
    };
    if among.is_empty() { NOBODY } else { of(&among, number / 16) }
}

/// The number of what does not exist.
pub const NOBODY: usize = 999_999;

/// A message: mostly one that was sent.
fn message(model: &Model, number: u8, fits: fn(&crate::model::Message) -> bool) -> usize {
    let fitting: Vec<usize> = model.messages.iter().filter(|it| fits(it)).map(|it| it.id).collect();
    let all: Vec<usize> = model.messages.iter().map(|it| it.id).collect();
    let among = match number % 16 {
        0..13 if !fitting.is_empty() => fitting,
        0..15 => all,
        _ => Vec::new(),
    };
    if among.is_empty() { NOBODY } else { of(&among, number / 16) }
}

fn find(model: &Model, id: usize) -> Option<&Conversation> {
    model.conversations.iter().find(|it| it.id == id)
}

/// Who holds a conversation; now and then somebody else.
fn holder(model: &Model, id: usize, number: u8) -> String {
    match find(model, id).map(|it| &it.task) {
        Some(Task::Active { agent, .. } | Task::Frozen { agent, .. }) if number % 8 != 7 => agent.clone(),
        _ => agent(number / 8),
    }
}

/// Why hours and caps are overridden, now and then.
fn because(number: u8) -> Option<&'static str> {
    (number % 16 >= 13).then_some("urgent")
}

fn active(it: &Conversation) -> bool {
    matches!(it.task, Task::Active { .. })
}

fn frozen(it: &Conversation) -> bool {
    matches!(it.task, Task::Frozen { .. })
}

fn offered(it: &Conversation) -> bool {
    matches!(it.task, Task::Frozen { .. } | Task::Offered { .. })
}

fn asked(it: &Conversation) -> bool {
    matches!(it.task, Task::Active { asked: Some(_), .. })
}

fn parked(it: &Conversation) -> bool {
    matches!(it.task, Task::Parked { .. })
}

fn loose(it: &Conversation) -> bool {
    matches!(it.task, Task::Parked { .. } | Task::Queued { .. })
}

fn wrapping(it: &Conversation) -> bool {
    it.legs.iter().any(|leg| leg.1.is_none())
}

fn owing(model: &Model, id: usize, number: u8) -> String {
    let leg = find(model, id).and_then(|it| it.legs.iter().find(|leg| leg.1.is_none()));
    leg.filter(|_| number % 8 != 7).map_or_else(|| agent(number / 8), |leg| leg.0.clone())
}

/// The offer that stands, and to whom; now and then another.
fn offer(model: &Model, id: usize, number: u8) -> (String, usize) {
    match find(model, id).map(|it| &it.task) {
        Some(Task::Frozen { transfer: offer, .. } | Task::Offered { offer, .. }) => match number % 16 {
            15 => (offer.to.clone(), NOBODY),
            14 => (agent(number / 16), offer.id),
            _ => (offer.to.clone(), offer.id),
        },
        _ => (agent(number), NOBODY),
    }
}

fn seen(model: &Model, id: usize, number: u8) -> Seen {
    let newest = find(model, id).and_then(|it| it.newest_inbound);
    match (number % 8, newest) {
        (0, Some(newest)) => Seen::UpTo(newest),
        (1, _) => Seen::Nothing,
        (2, _) => Seen::UpTo(NOBODY),
        _ => Seen::NotTold,
    }
}

/// What a provider answers, and under which names it knows a message that it takes.
pub fn provider(number: u8, message: usize) -> Provider {
    let further: &[String] = match number % 64 {
        4 => &[format!("further-{message}")],
        5 => &["further-1".to_owned(), "further-1".to_owned()],
        6 => &[name_of(message), format!("<{message}@relay.example>"), "further-1".to_owned()],
        21 | 22 => &["further-1".to_owned(), "further-2".to_owned()],
        37 => &[format!("<{message}@relay.example>"), "further-2".to_owned()],
        _ => &[],
    };
    match number % 16 {
        0..7 => Provider::Takes(further.to_vec()),
        7 => Provider::Transient("busy", [-5, 2, 1_000, 1_000_000][usize::from(number / 64)]),
        8 | 9 => Provider::Transient("busy", 0),
        10 => Provider::Transient("opted_out", 0),
        11 => Provider::Transient("no_such_address", 0),
        12 | 13 => Provider::Permanent("blocked"),
        14 => Provider::Permanent("opted_out"),
        _ => Provider::Permanent("no_such_address"),
    }
}

/// How many seconds pass: around the deadlines above all.
pub fn seconds(number: u8) -> i64 {
    of(&[1, 5, 15, 20, 29, 30, 31, 31, 31, 45, 60, 61, 80, 600, 86_400, 100 * 86_400], number)
}

impl Move {
    /// The command that it stands for; none for what is more, or less, than one.
    pub fn command(&self, model: &Model) -> Option<Cmd> {
        let Self { a, b, c, d, .. } = *self;
        let on = |fits| conversation(model, a, fits);
        Some(match self.what {
            What::SignIn => {
                let team = of(&["care", "care", "care", "sales", "bare"], b).to_owned();
                let mut agent = agent(a);
                // Mostly one who is not there yet.
                if b % 8 != 7 {
                    let away = AGENTS.iter().cycle().skip(usize::from(a) % AGENTS.len()).take(AGENTS.len());
                    let away = away.copied().find(|it| model.team(it).is_none() && model.setup.agent(it).is_some());
                    agent = away.map_or(agent, str::to_owned);
                }
                let known = model.setup.agent(&agent).and_then(|it| it.teams.first().cloned());
                let team = known.filter(|_| b % 4 != 3).unwrap_or(team);
                Cmd::SignIn { agent, team, idle: idle(c) }
            }
            What::SignOut => Cmd::SignOut { agent: agent(a), requeue: b % 2 == 0 },
            What::SetState => {
                let class = ["voice", "chat", "email", "social"].get(usize::from(b % 8)).map(|it| (*it).to_owned());
                Cmd::SetState { agent: agent(a), class, idle: idle(c) }
            }
            What::Recover => {
                let in_rona = model.presences.iter().find(|it| it.states.iter().any(|state| state.0 == "rona"));
                let agent = in_rona.filter(|_| b % 4 != 3).map_or_else(|| agent(a), |it| it.agent.clone());
                Cmd::Recover { agent, idle: idle(c) }
            }
            What::Begin => {
                let class = of(&["voice", "chat", "email", "social"], b).to_owned();
                Cmd::Begin { agent: agent(a), class, interaction: format!("i{}", c % 3), offered: d % 2 == 0 }
            }
            What::End => {
                let held = model.presences.iter().find_map(|it| {
                    it.slots.iter().find_map(|slot| match &slot.held {
                        Held::Interaction(interaction) => Some((it.agent.clone(), interaction.clone())),
                        _ => None,
                    })
                });
                let (agent, interaction) = held.filter(|_| b % 4 != 3).unwrap_or((agent(a), format!("i{}", c % 3)));
                Cmd::End { agent, interaction }
            }
            What::Start => {
                let (channel, entry_point) = entry_point(b);
                let (channel, entry_point) = (channel.to_owned(), entry_point.to_owned());
                let to = address(&channel, c);
                let conflict = of(&["refuse", "refuse", "take_over", "ask_holder"], d);
                Cmd::Start { agent: agent(a), channel, entry_point, to, customer: customer(d / 4), conflict }
            }
            What::StartAgain => {
                let (fits, conflict): (fn(&Conversation) -> bool, _) =
                    if b % 2 == 0 { (active, "ask_holder") } else { (loose, "take_over") };
                let of = find(model, conversation(model, a, fits))?;
                let (channel, entry_point, to) = (of.channel.clone(), of.entry_point.clone(), of.address.clone());
                Cmd::Start { agent: agent(c), channel, entry_point, to, customer: None, conflict }
            }
            What::Receive => {
                let (channel, entry_point) = entry_point(a);
                let text = of(&["hello", "hello", "hello", "STOP", "start", "stop it", "STOP", "hello"], c).to_owned();
                let subject = SUBJECTS.get(usize::from(d % 4)).map(|it| (*it).to_owned());
                let from = address(channel, b);
                let provider = match d % 16 {
                    7 | 15 => format!("in-{}", c % 4),
                    11 => "further-1".to_owned(),
                    _ => format!("new-{}", model.step),
                };
                Cmd::Receive {
                    entry_point: entry_point.to_owned(),
                    from,
                    provider,
                    text,
                    subject,
                    customer: customer(d / 4),
                }
            }
            What::Send => {
                let conversation = on(active);
                let channel = find(model, conversation).map(|it| it.channel.as_str());
                let subject = SUBJECTS.get(usize::from(c % 4)).map(|it| (*it).to_owned());
                let subject = subject.filter(|_| channel == Some("email") || rarely(c));
                let text =
                    of(&["hello", "hello", "hello", "hello", "hello", "hello", "I promise", "  "], d / 4).to_owned();
                let late =
                    of(&[None, None, None, None, None, Some(20 * SECOND), Some(70 * SECOND), Some(0), Some(TICK)], d)
                        .map(|it| model.now + it);
                Cmd::Send {
                    agent: holder(model, conversation, b),
                    conversation,
                    text,
                    subject,
                    seen: seen(model, conversation, d / 8),
                    not_after: late,
                    because: because(c),
                }
            }
            What::Retry => {
                let message =
                    message(model, a, |it| (it.status == "failed" || it.status == "expired") && it.retried.is_none());
                let conversation =
                    model.messages.iter().find(|it| it.id == message).map_or(NOBODY, |it| it.conversation);
                Cmd::Retry {
                    agent: holder(model, conversation, b),
                    message,
                    seen: seen(model, conversation, d),
                    because: because(c),
                }
            }
            What::Close if b % 4 == 3 => Cmd::Close { agent: None, conversation: on(loose) },
            What::Close => Cmd::Close { agent: Some(holder(model, on(active), c)), conversation: on(active) },
            What::ToAgent => {
                Cmd::Transfer { agent: holder(model, on(active), b), conversation: on(active), to: To::Agent(agent(c)) }
            }
            What::ToQueue => {
                let to = To::Queue(of(&QUEUES, c).to_owned());
                Cmd::Transfer { agent: holder(model, on(active), b), conversation: on(active), to }
            }
            What::Cancel => Cmd::Cancel { agent: holder(model, on(frozen), b), conversation: on(frozen) },
            What::Accept => {
                let (agent, offer) = offer(model, on(offered), b);
                Cmd::Accept { agent, conversation: on(offered), offer }
            }
            What::Decline => {
                let (agent, offer) = offer(model, on(offered), b);
                Cmd::Decline { agent, conversation: on(offered), offer }
            }
            What::Answer => {
                let conversation = on(asked);
                let request = match find(model, conversation).map(|it| &it.task) {
                    Some(Task::Active { asked: Some(asked), .. }) if !rarely(c) => asked.id,
                    _ => NOBODY,
                };
                Cmd::AnswerHandover { agent: holder(model, conversation, b), conversation, request, give: d % 4 != 0 }
            }
            What::Park => {
                let longest = model.setup.organization.timings.max_park_seconds * SECOND;
                let until =
                    model.now + of(&[10 * SECOND, 30 * SECOND, 600 * SECOND, TICK, 0, longest, longest + TICK], c);
                let queue = QUEUES.get(usize::from(d % 16)).map(|it| (*it).to_owned());
                Cmd::Park { agent: holder(model, on(active), b), conversation: on(active), until, queue }
            }
            What::Wake => Cmd::Wake { conversation: on(parked) },
            What::Rehome => {
                let gone = model.conversations.iter().find(|it| match &it.task {
                    Task::Active { agent, .. } | Task::Frozen { agent, .. } => model.setup.agent(agent).is_none(),
                    Task::Queued { queue, .. } | Task::Offered { queue, .. } => model.setup.queue(queue).is_none(),
                    _ => false,
                });
                let gone = gone.filter(|_| b % 4 != 3).map(|it| it.id);
                Cmd::Rehome { conversation: gone.unwrap_or_else(|| on(|it| !it.closed)) }
            }
            What::Workflow => {
                let workflow = of(&["refund", "refund", "refund", "on_close", "no_workflow"], c).to_owned();
                Cmd::Workflow { agent: holder(model, on(active), b), conversation: on(active), workflow }
            }
            What::Conference => Cmd::Conference { agent: holder(model, on(active), b), conversation: on(active) },
            What::WrapUp => {
                let reason = if rarely(c) { "no_reason" } else { "resolved" }.to_owned();
                Cmd::WrapUp { agent: owing(model, on(wrapping), b), conversation: on(wrapping), reason }
            }
            What::Extend => Cmd::Extend { agent: owing(model, on(wrapping), b), conversation: on(wrapping) },
            What::Route => {
                let waits = model.conversations.iter().find_map(|it| match &it.task {
                    Task::Queued { queue, .. } => Some(queue.clone()),
                    _ => None,
                });
                let queue = waits.filter(|_| a % 4 != 3).unwrap_or_else(|| of(&QUEUES, a / 4).to_owned());
                Cmd::Route { queue, agent: (b % 2 == 0).then(|| agent(c)) }
            }
            What::Fire if b % 2 == 0 => Cmd::FireConversation { conversation: on(|it| Model::deadline(it).is_some()) },
            What::Fire => Cmd::FireAgent { agent: agent(a) },
            What::Claim => {
                Cmd::Claim { message: message(model, a, |it| matches!(it.step, Step::Due(_) | Step::Claimed(_))) }
            }
            What::Attempt => {
                let message = message(model, a, |it| matches!(it.step, Step::Claimed(_)));
                let made = model.messages.iter().find(|it| it.id == message).map_or(1, |it| it.attempts);
                let attempt = if rarely(b) { usize::from(b / 16) + 1 } else { made };
                Cmd::Attempt { message, attempt, provider: provider(c, message) }
            }
            What::Report => {
                let sent = |it: &crate::model::Message| it.accepted && it.status != "read";
                let message = message(model, a, if d % 4 == 3 { |it| !it.inbound } else { sent });
                let of_message = model.messages.iter().find(|it| it.id == message);
                let entry_point = of_message.map_or("sms_care", |it| it.entry_point.as_str()).to_owned();
                let status = of(&["sent", "failed", "delivered", "read"], b);
                let problem =
                    [None, None, Some("blocked"), Some("opted_out"), Some("no_such_address")][usize::from(c) % 5];
                let inbound = model.references.iter().find(|it| it.provider.starts_with("new-"));
                let provider = match (inbound, d % 8) {
                    (Some(inbound), 7) if rarely(d) => inbound.provider.clone(),
                    (_, 5) => format!("further-{message}"),
                    (_, 6) => of_message.map_or("further-1".to_owned(), |_| format!("{message}@relay.example")),
                    (_, 4) => "further-1".to_owned(),
                    (_, 3) if d > 127 => "further-2".to_owned(),
                    _ => name_of(message),
                };
                Cmd::Report { entry_point, provider, status, problem }
            }
            What::Consent => {
                let (channel, entry_point) = entry_point(a % 28);
                let change = match c % 8 {
                    0 | 1 => Change::OptOut,
                    2 | 3 => Change::OptIn,
                    4 => Change::Suppress(Some(model.now + 600 * SECOND)),
                    5 => Change::Suppress(None),
                    _ => Change::Lift,
                };
                let about = match d % 8 {
                    0..4 => Some(entry_point.to_owned()),
                    4 => Some(of(&["no_entry_point", "mail_care", "sms_sales"], d / 8).to_owned()),
                    _ => None,
                };
                let by = (d / 8 % 4 == 0).then(|| agent(b));
                Cmd::Consent {
                    agent: by,
                    channel: channel.to_owned(),
                    address: address(channel, b),
                    change,
                    about,
                    customer: customer(c / 8),
                }
            }
            What::Zone => {
                let (channel, _) = entry_point(a % 28);
                let zone =
                    of(&[None, Some("UTC"), Some("Mars/Olympus"), Some("Asia/Kolkata"), Some("Europe/Lisbon")], c)
                        .map(str::to_owned);
                Cmd::Zone { channel: channel.to_owned(), address: address(channel, b), zone, customer: customer(d) }
            }
            _ => return None,
        })
    }
}
