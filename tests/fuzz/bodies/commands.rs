//! A contact centre that does what bytes say, with every invariant looked at after each command.

use std::fmt::Debug;
use std::sync::{Arc, LazyLock, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{
    Accept, AnswerHandover, BeginInteraction, CancelTransfer, ClaimDispatch, Close, Conference, ConsentChange, Decline,
    EndInteraction, ExtendWrapUp, FireDue, InteractionHow, OnConflict, Park, ReceiptStatus, ReceiveMessage,
    RecordAttempt, RecoverFromRona, Rehome, ReportDelivery, RetryMessage, RouteNext, Seen, SendMessage, SetConsent,
    SetState, SetZone, SignIn, SignOut, StartOutbound, Target, Transfer, TriggerWorkflow, Unfinished, Wake, WrapUp,
};
use outbound::desk::{Audit, Desk};
use outbound::directory::{ConflictScope, Directory, Setup};
use outbound::engine::{Command, Explanation, Fault, Terms, Verdict};
use outbound::hours::ZoneId;
use outbound::mail::html::Ammonia;
use outbound::mail::{MailId, ReportPart, ThreadingKey, ThreadingKeys, read_mail, report};
use outbound::memory::MemoryStore;
use outbound::model::{
    AgentId, Attachment, Body, By, Cause, Channel, ChosenState, CommandId, Conversation, ConversationId, Dispatch,
    EntryPointId, InlineImage, Key, MailIds, MediaClass, Message, MessageId, OfferId, Private, Problem, QueueId,
    Reason, Recipient, SendResult, ShapeOnly, TaskState, Wording,
};
use outbound::port::{Clock, Failure, ManualClock, NoMedia};
use outbound::query::orphans;
use outbound::record::{Record, World};
use outbound::testing::invariant::{check_all, check_directory, check_entries, check_events};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::cursor::Cursor;

const AGENTS: [&str; 6] = ["ana", "bruno", "carla", "hugo", "iris", "davi"];
const ENTRY_POINTS: [(&str, Channel); 4] =
    [("sms_care", Channel::Sms), ("sms_sales", Channel::Sms), ("mail_care", Channel::Email), ("sms_old", Channel::Sms)];
const QUEUES: [&str; 3] = ["care_queue", "sales_queue", "fallback"];
const NUMBERS: [&str; 3] = ["+351912345671", "+5511987654321", "+551187654321"];
const EMAILS: [&str; 3] = ["rita@example.com", "Rita@Example.com", "joao@example.org"];
const WORDS: [&str; 6] = ["hello", "STOP", "start", "Re: hello", "não €", "{{name}}"];

/// More commands than this show nothing that fewer do not.
const MAX_COMMANDS: usize = 96;

static ACME: LazyLock<Terms> = LazyLock::new(|| terms(acme()));

/// The same centre with every rule about customers' wishes, hours and mail in force.
static STRICT: LazyLock<Terms> = LazyLock::new(|| {
    let mut setup = acme();
    let night = json!({ "windows": [{ "from": "21:00", "to": "08:00" }] });
    let organization = &mut setup.organization;
    organization.conflict_scope = ConflictScope::Address;
    organization.consent = of(json!({ "scope": "organization", "confirmation": "goodbye" }));
    organization.quiet_hours = of(json!({ "mode": "defer", "sms": night, "email": night, "overridable": true }));
    organization.caps = of(json!({ "limits": [{ "count": 2, "within_seconds": 86_400 }], "overridable": true }));
    organization.threading = of(json!({ "strangers": { "quarantine": { "queue": "fallback" } } }));
    let goodbye = json!({ "id": "goodbye", "name": "Goodbye", "channel": "sms", "version": 1, "body": "No more." });
    setup.templates.push(of(goodbye));
    terms(setup).with_threading_keys(ThreadingKeys::new(must(ThreadingKey::new(b"a secret of the fuzzers"))))
});

fn acme() -> Setup {
    must(serde_json::from_str(include_str!("../../support/acme.json")))
}

fn of<T: DeserializeOwned>(value: Value) -> T {
    must(serde_json::from_value(value))
}

fn terms(setup: Setup) -> Terms {
    Terms::new(must(Directory::new(setup)), ShapeOnly).with_html(Ammonia::new())
}

/// A set-up under which what is stored can be looked at.
pub(super) fn directory() -> &'static Directory {
    ACME.directory()
}

/// Bytes are commands, which are run; no invariant breaks, and no command finds records that contradict each other.
///
/// The highest bit of the first byte tells which set-up they run under.
pub fn commands(data: &[u8]) {
    let mut centre = Centre::new(data);
    for _ in 0..MAX_COMMANDS {
        if centre.bytes.is_empty() {
            break;
        }
        centre.move_on();
        centre.check();
    }
}

struct Centre<'a> {
    desk: Desk<MemoryStore, Arc<ManualClock>>,
    terms: &'static Terms,
    store: MemoryStore,
    clock: Arc<ManualClock>,
    bytes: Cursor<'a>,
    numbers: u64,
    /// The ids of what was sent by mail.
    sent: Vec<MailIds>,
}

fn must<T, E: Debug>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{error:?}"))
}

fn id<T: std::str::FromStr<Err: Debug>>(text: &str) -> T {
    must(text.parse())
}

impl<'a> Centre<'a> {
    fn new(data: &'a [u8]) -> Self {
        let begin = DateTime::from_timestamp(1_772_442_000, 0).unwrap_or_default();
        let (store, clock) = (MemoryStore::new(), Arc::new(ManualClock::at(begin)));
        let is_strict = data.first().is_some_and(|first| *first >= 128);
        let terms: &'static Terms = if is_strict { &STRICT } else { &ACME };
        let desk = Desk::new(store.clone(), terms.clone(), Arc::clone(&clock)).with_audit(Audit::Refusals);
        Self { desk, terms, store, clock, bytes: Cursor::new(data), numbers: 0, sent: Vec::new() }
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn world(&self) -> World {
        self.store.world()
    }

    fn command_id(&mut self) -> CommandId {
        self.numbers += 1;
        let mut random = [0; 10];
        // Of the byte before these, UUIDs keep but six bits.
        for (byte, number) in random.iter_mut().skip(3).zip(self.numbers.to_le_bytes()) {
            *byte = number;
        }
        CommandId::new(self.now(), random)
    }

    /// Runs a command, now and then twice under its id, and holds its explanation to it.
    fn run<C: Command>(&mut self, command: &C) {
        let id = self.command_id();
        let explained = self.desk.explain(command);
        let before = self.world();
        let outcome = self.desk.run(id, command);
        match (&outcome, &explained) {
            (Ok(_), Ok(Explanation { verdict: Verdict::Allowed, .. })) => {}
            (Err(Failure::Refused(reasons)), Ok(Explanation { verdict: Verdict::Refused(told), .. })) => {
                assert_eq!(&**reasons, told, "{command:?}");
                assert_eq!(unaudited(&before), unaudited(&self.world()), "a refusal changes nothing: {command:?}");
            }
            (Err(Failure::Fault(fault @ (Fault::Broken(_) | Fault::Unstable(_)))), _) => panic!("{command:?}: {fault}"),
            (Err(Failure::Fault(_)), Err(Failure::Fault(_))) => {}
            (outcome, _) => panic!("{command:?} was foretold otherwise: {:?}", outcome.as_ref().err()),
        }
        if self.numbers.is_multiple_of(4) && outcome.is_ok() {
            let once = self.world();
            let _ = self.desk.run(id, command);
            assert_eq!(unaudited(&once), unaudited(&self.world()), "done twice: {command:?}");
        }
    }

    fn check(&self) {
        let (world, directory) = (self.world(), self.terms.directory());
        let found = [
            check_all(&world),
            check_events(&world, &self.store.all_events()),
            check_entries(&world, &self.store.entries()),
            check_directory(&world, directory),
        ];
        assert_eq!(found, [const { Vec::new() }; 4]);
        assert_eq!(orphans(&world, directory, self.now(), TimeDelta::days(100_000)), []);
    }

    fn agent(&mut self) -> AgentId {
        id(self.bytes.one_of(&AGENTS).unwrap_or("ana"))
    }

    fn queue(&mut self) -> QueueId {
        id(self.bytes.one_of(&QUEUES).unwrap_or("fallback"))
    }

    fn entry_point(&mut self) -> (EntryPointId, Channel) {
        let (name, channel) = self.bytes.one_of(&ENTRY_POINTS).unwrap_or(("sms_care", Channel::Sms));
        (id(name), channel)
    }

    /// An address of the channel; now and then any text.
    fn recipient(&mut self, channel: Channel) -> Recipient {
        let all = if channel == Channel::Sms { NUMBERS } else { EMAILS };
        match self.bytes.below(all.len() + 1) {
            nth if nth < all.len() => Recipient::typed(all.get(nth).copied().unwrap_or_default()),
            _ => Recipient::typed(self.bytes.text()),
        }
    }

    fn words(&mut self) -> String {
        match self.bytes.below(WORDS.len() + 1) {
            nth if nth < WORDS.len() => WORDS.get(nth).copied().unwrap_or_default().to_owned(),
            _ => self.bytes.text(),
        }
    }

    fn maybe_words(&mut self) -> Option<Private<String>> {
        self.bytes.flag().then(|| Private::new(self.words()))
    }

    fn state(&mut self) -> ChosenState {
        match self.bytes.below(4) {
            0 => ChosenState::Idle(id("lunch")),
            _ => ChosenState::Available,
        }
    }

    fn instant(&mut self) -> DateTime<Utc> {
        self.now() + TimeDelta::seconds(i64::from(self.bytes.byte()) * 30 - 600)
    }

    fn conversation(&mut self) -> Option<Conversation> {
        let world = self.world();
        let mut all: Vec<&Conversation> = world.conversations().collect();
        all.sort_by_key(|it| (it.is_closed(), std::cmp::Reverse(it.opened_at()), it.id()));
        self.bytes.one_of(&all).cloned()
    }

    /// A conversation and an agent: the one whom it is about, or any.
    fn task(&mut self) -> Option<(AgentId, ConversationId, Conversation)> {
        let conversation = self.conversation()?;
        let about = match conversation.state().offer() {
            Some(offer) if self.bytes.flag() => Some(offer.to.clone()),
            _ => conversation.state().agent().cloned(),
        };
        let agent = about.filter(|_| self.bytes.byte() % 8 != 7);
        let agent = agent.unwrap_or_else(|| self.agent());
        Some((agent, conversation.id(), conversation))
    }

    fn message(&mut self) -> Option<Message> {
        let world = self.world();
        let mut all: Vec<&Message> = world.messages().collect();
        all.sort_by_key(|it| (it.is_inbound(), std::cmp::Reverse(it.at()), it.id()));
        self.bytes.one_of(&all).cloned()
    }

    fn move_on(&mut self) {
        match self.bytes.byte() % 32 {
            0 | 1 => self.sign_in(),
            2 => self.be_elsewhere(),
            3 | 4 => self.start(),
            5 | 6 => self.receive(),
            7 | 8 => self.send(),
            9 | 10 => self.pump(),
            11 | 12 => self.pass(),
            13..24 => self.handle(),
            24..28 => self.deliver(),
            28..30 => self.about_the_customer(),
            _ => self.route_or_fire(),
        }
    }

    fn sign_in(&mut self) {
        let agent = self.agent();
        let team = id(self.bytes.one_of(&["care", "sales"]).unwrap_or("care"));
        let state = self.state();
        self.run(&SignIn { agent, team, state });
    }

    fn be_elsewhere(&mut self) {
        let (agent, how) = (self.agent(), self.bytes.below(6));
        let interaction = id(["call", "chat", "other"].get(self.bytes.below(3)).copied().unwrap_or("call"));
        match how {
            0 => {
                let unfinished = if self.bytes.flag() { Unfinished::Requeue } else { Unfinished::Refuse };
                self.run(&SignOut { agent, unfinished });
            }
            1 => {
                let class = self.bytes.flag().then(|| self.class());
                let state = self.state();
                self.run(&SetState { agent, class, state });
            }
            2 => {
                let state = self.state();
                self.run(&RecoverFromRona { agent, state });
            }
            3 => self.run(&EndInteraction { agent, interaction }),
            _ => {
                let class = self.class();
                let how = if self.bytes.flag() { InteractionHow::Offered } else { InteractionHow::SelfStarted };
                self.run(&BeginInteraction { agent, class, interaction, how });
            }
        }
    }

    fn class(&mut self) -> MediaClass {
        self.bytes.one_of(&MediaClass::ALL).unwrap_or(MediaClass::Voice)
    }

    fn start(&mut self) {
        let (agent, (entry_point, channel)) = (self.agent(), self.entry_point());
        let to = self.recipient(channel);
        let ways = [OnConflict::Refuse, OnConflict::TakeOver, OnConflict::AskHolder];
        let on_conflict = self.bytes.one_of(&ways).unwrap_or_default();
        let customer = (self.bytes.byte() % 8 == 7).then(|| id("c-1"));
        self.run(&StartOutbound { agent, channel, entry_point, to, customer, on_conflict });
    }

    fn receive(&mut self) {
        let (entry_point, channel) = self.entry_point();
        let from = self.recipient(channel);
        let which = self.bytes.byte();
        if which >= 128 {
            return self.receive_mail(entry_point, which % 16);
        }
        let provider = id(&format!("in-{}", which % 16));
        let (subject, text) = (self.maybe_words(), Private::new(self.words()));
        let body = if self.bytes.byte() % 4 == 3 { Body::Html(text) } else { Body::Text(text) };
        let message = ReceiveMessage::text(entry_point, from, provider, String::new());
        self.run(&ReceiveMessage { subject, body, ..message });
    }

    /// A mail with headers, which may answer what was sent, or report about it, or be from anybody.
    fn receive_mail(&mut self, entry_point: EntryPointId, which: u8) {
        let from = self.bytes.one_of(&EMAILS).unwrap_or("stranger@example.net");
        let ids = self.bytes.one_of(&self.sent);
        let answered = ids.as_ref().and_then(|ids| ids.message_id.as_ref()).map_or("0@elsewhere", MailId::as_str);
        let reply_to = ids.as_ref().and_then(|ids| ids.reply_to.as_deref()).unwrap_or("care@acme.example");
        let before = which / 2;
        let (how, subject) = (self.bytes.byte(), self.words());
        let mut mail = format!("Message-ID: <{which}@in>\nFrom: {}\nSubject: {subject}\n", from);
        let headers = [
            format!("To: {}\n", if how % 4 == 0 { reply_to } else { "care@acme.example" }),
            format!("In-Reply-To: <{answered}>\n"),
            format!("References: <{before}@in> <{answered}>\n"),
            "Cc: joao@example.org\n".to_owned(),
            "Auto-Submitted: auto-replied\n".to_owned(),
            "Precedence: bulk\n".to_owned(),
            "Content-Type: text/html\n".to_owned(),
        ];
        for header in headers.iter().enumerate().filter(|(nth, _)| how >> nth & 1 == 1).map(|(_, header)| header) {
            mail.push_str(header);
        }
        mail.push('\n');
        mail.push_str(&self.words());
        let mut parsed = read_mail(mail.as_bytes());
        if how >= 128 {
            let status = if how % 2 == 0 { "5.1.1" } else { "4.2.2" };
            let text = format!("Final-Recipient: rfc822; {}\nAction: failed\nStatus: {status}\n", from);
            let original = format!("Message-ID: <{answered}>\n");
            let part = |media_type: &str, text| ReportPart { media_type: media_type.into(), text };
            parsed.report_parts = vec![part("message/delivery-status", text), part("text/rfc822-headers", original)];
        }
        let message = ReceiveMessage::from_mail(entry_point, &parsed);
        self.run(&match report(&parsed) {
            Some(report) => message.with_report(report),
            None => message,
        });
    }

    fn send(&mut self) {
        let Some((agent, conversation, it)) = self.task() else { return };
        let wording = self.wording();
        let mut send = SendMessage::new(agent, conversation, wording);
        send.subject = self.maybe_words();
        send.seen = self.seen(&it);
        let limits = self.bytes.byte();
        send.not_after = (limits % 8 == 7).then(|| self.instant());
        send.override_reason = (limits >= 128).then(|| must(Reason::parse("they asked for it")));
        if self.bytes.byte() % 16 == 15 {
            send.attachments = vec![Attachment {
                name: Private::new(self.words()),
                media_type: self.words(),
                size: u64::from(self.bytes.byte()) << 20,
                content_id: None,
                location: Private::new("bucket/1".to_owned()),
            }];
        }
        self.run(&send);
    }

    fn seen(&mut self, conversation: &Conversation) -> Seen {
        match (self.bytes.below(3), conversation.last_inbound()) {
            (0, _) => Seen::NotTold,
            (1, Some(last)) => Seen::UpTo(last),
            _ => Seen::Nothing,
        }
    }

    fn wording(&mut self) -> Wording {
        match self.bytes.below(8) {
            0 => Wording::html(self.words()),
            1 => {
                let image = InlineImage {
                    name: "logo".into(),
                    media_type: "image/png".into(),
                    bytes: Private::new(b"\x89PNG\r\n\x1a\n".to_vec()),
                };
                let html = Private::new("<p>Hi <img src=\"inline:logo\"></p>".to_owned());
                Wording::Html { html, images: vec![image] }
            }
            2 => Wording::template(id("hello_sms"), [("order", self.words())]),
            3 => Wording::template(id("hello_mail"), [("order", self.words()), ("name", self.words())]),
            _ => Wording::text(self.words()),
        }
    }

    /// Sends what is due, through a provider that answers as the bytes say.
    fn pump(&mut self) {
        let (answers, limit) = (Mutex::new(self.bytes.array::<4>().to_vec()), self.bytes.below(4) + 1);
        let sent = Mutex::new(std::mem::take(&mut self.sent));
        let provider = |dispatch: &Dispatch| {
            if let (Some(ids), Ok(mut sent)) = (&dispatch.mail, sent.lock()) {
                sent.push(MailIds::clone(ids));
            }
            let answer = answers.lock().ok().and_then(|mut left| left.pop()).unwrap_or(0);
            result(answer, dispatch.idempotency_key)
        };
        let id = self.command_id();
        let pumped = must(self.desk.deliver_due(id, &provider, &NoMedia, limit));
        assert_eq!(pumped.totals().stuck, 0, "the pump is stuck");
        self.sent = must(sent.into_inner());
    }

    fn pass(&mut self) {
        let seconds = i64::from(self.bytes.byte());
        self.clock.advance(TimeDelta::seconds(if self.bytes.byte() % 8 == 7 { seconds * 3600 } else { seconds }));
        if self.bytes.byte() % 4 != 3 {
            let swept = must(self.desk.fire_due(1_000));
            assert_eq!(swept.stuck, [], "what is due cannot be fired");
        }
    }

    fn handle(&mut self) {
        let how = self.bytes.below(13);
        let Some((agent, conversation, it)) = self.task() else { return };
        match how {
            0 => {
                let to = if self.bytes.flag() { Target::Queue(self.queue()) } else { Target::Agent(self.agent()) };
                self.run(&Transfer { agent, conversation, to });
            }
            1 | 2 => {
                let to = Target::Agent(self.agent());
                self.run(&Transfer { agent, conversation, to });
            }
            3 => self.run(&CancelTransfer { agent, conversation }),
            4 => self.run(&Accept { agent, conversation, offer: offer_of(&it) }),
            5 => self.run(&Decline { agent, conversation, offer: offer_of(&it) }),
            6 => {
                let give = self.bytes.flag();
                self.run(&AnswerHandover { agent, conversation, request: offer_of(&it), give });
            }
            7 => {
                let (until, queue) = (self.instant(), self.bytes.flag().then(|| self.queue()));
                self.run(&Park { agent, conversation, until, queue });
            }
            8 => self.run(&Wake { conversation }),
            9 => {
                let by = if self.bytes.byte() % 4 == 3 { By::Host } else { By::Agent(agent) };
                self.run(&Close { by, conversation });
            }
            10 => {
                let owing = it.legs().iter().find(|leg| leg.wrap_up.is_none()).map(|leg| leg.agent.clone());
                let agent = owing.unwrap_or(agent);
                match self.bytes.flag() {
                    true => self.run(&WrapUp { agent, conversation, reason: id("resolved") }),
                    false => self.run(&ExtendWrapUp { agent, conversation }),
                }
            }
            11 => {
                let workflow = id(if self.bytes.flag() { "refund" } else { "on_close" });
                self.run(&TriggerWorkflow { agent, conversation, workflow });
            }
            _ => match self.bytes.flag() {
                true => self.run(&Rehome { conversation }),
                false => self.run(&Conference { agent, conversation }),
            },
        }
    }

    /// One step of a message's delivery, in whatever order.
    fn deliver(&mut self) {
        let how = self.bytes.below(4);
        let Some(it) = self.message() else { return };
        let (message, answer) = (it.id(), self.bytes.byte());
        match how {
            0 => self.run(&ClaimDispatch { message }),
            1 => {
                let attempt = u16::from(self.bytes.byte() % 8);
                self.run(&RecordAttempt { message, attempt, result: result(answer, message) });
            }
            2 => {
                let all = [ReceiptStatus::Sent, ReceiptStatus::Failed, ReceiptStatus::Delivered, ReceiptStatus::Read];
                let status = self.bytes.one_of(&all).unwrap_or(ReceiptStatus::Sent);
                let problem = self.bytes.flag().then(|| Problem::new(cause(answer), "no"));
                let entry_point = it.draft().entry_point.clone();
                self.run(&ReportDelivery { entry_point, provider: provider_of(message), status, problem });
            }
            _ => {
                let agent = self.agent();
                let mut retry = RetryMessage::new(agent, message);
                retry.not_after = (answer % 8 == 7).then(|| self.instant());
                self.run(&retry);
            }
        }
    }

    fn about_the_customer(&mut self) {
        let (entry_point, channel) = self.entry_point();
        let address = self.recipient(channel);
        if self.bytes.byte() % 4 == 3 {
            let zone = ZoneId::parse(&self.bytes.text()).ok();
            return self.run(&SetZone { by: By::Host, channel, address, zone, customer: None });
        }
        let change = match self.bytes.below(5) {
            0 => ConsentChange::OptOut,
            1 => ConsentChange::OptIn,
            2 => ConsentChange::Suppress { until: None },
            3 => ConsentChange::Suppress { until: Some(self.instant()) },
            _ => ConsentChange::Lift,
        };
        let told = SetConsent::by_host(channel, address, change);
        let told = if self.bytes.flag() { told.about(entry_point) } else { told };
        self.run(&told);
    }

    fn route_or_fire(&mut self) {
        if self.bytes.byte() % 4 == 3 {
            let keys: Vec<Key> = self.world().records().map(|it| it.record.key()).collect();
            if let Some(at) = self.bytes.one_of(&keys) {
                self.run(&FireDue { at });
            }
            return;
        }
        let (queue, agent) = (self.queue(), self.bytes.flag().then(|| self.agent()));
        self.run(&RouteNext { queue, agent });
    }
}

/// The records but for those of refused attempts.
fn unaudited(world: &World) -> World {
    World::new(world.records().filter(|it| !matches!(it.record, Record::Refused(_))).cloned())
}

/// The offer or the request that is pending, or one that never was.
fn offer_of(conversation: &Conversation) -> OfferId {
    let asked = match conversation.state() {
        TaskState::Active { asked: Some(asked), .. } => Some(asked.id),
        state => state.offer().map(|offer| offer.id),
    };
    asked.unwrap_or_else(|| OfferId::of(CommandId::new(DateTime::UNIX_EPOCH, [0; 10])))
}

fn provider_of(message: MessageId) -> outbound::model::ProviderId {
    id(&format!("p-{message}"))
}

fn result(answer: u8, message: MessageId) -> SendResult {
    match answer % 8 {
        0..5 => SendResult::accepted(provider_of(message)),
        5 | 6 => SendResult::transient(cause(answer), "busy"),
        _ => SendResult::permanent(cause(answer), "no"),
    }
}

fn cause(byte: u8) -> Cause {
    let all = [Cause::Busy, Cause::Blocked, Cause::NoSuchAddress, Cause::OptedOut, Cause::Unknown, Cause::Content];
    all.get(usize::from(byte / 8) % all.len()).copied().unwrap_or(Cause::Unknown)
}
