//! Processes that are killed while they work, and servers: nothing is lost, nothing is done twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use outbound::desk::Desk;
use outbound::model::{Dispatch, SendResult, Status};
use outbound::port::{NoMedia, Store};
use outbound::record::World;

use crate::support::acme::{command_id, provider_of, terms};
use crate::support::place::{Directory, postgres, unique};
use crate::support::{server, whole};

/// How often a process is killed.
const KILLS: u64 = 50;

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// A centre at work: it has done something by now.
struct Centre(Child);

impl Centre {
    fn start(store: &str, logs: &Directory, seed: u64) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_centre"));
        command.args([store, logs.0.to_str().expect("a path"), &seed.to_string()]).stdout(Stdio::piped());
        let mut child = command.spawn().expect("a process");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        assert_eq!(line, "ready\n", "the centre ended by itself");
        Self(child)
    }

    /// Ends it at once, wherever it is.
    fn kill(mut self) {
        assert_eq!(self.0.try_wait().expect("a process"), None, "the centre ended by itself");
        self.0.kill().expect("SIGKILL");
        self.0.wait().expect("it is gone");
        // A server still ends what the process had sent.
        sleep(Duration::from_millis(20));
    }
}

/// Waits a time that the seed chooses, so that the kill falls anywhere.
fn a_while(seed: u64) {
    sleep(Duration::from_millis(20 + seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 180));
}

fn lines(logs: &Directory, log: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(Path::new(&logs.0).join(log)).unwrap_or_default();
    text.lines().map(|line| line.split(' ').map(str::to_owned).collect()).collect()
}

/// Sends what is left, as the next process would.
fn drain<S: Store>(store: &S, logs: &Directory) {
    let terms = terms();
    let desk = Desk::new(store, terms, now);
    let provider = |dispatch: &Dispatch| {
        let line = format!("{} {}\n", dispatch.idempotency_key, dispatch.content.body.expose());
        let mut file = fs::OpenOptions::new().append(true).create(true).open(logs.0.join("provider")).expect("a log");
        std::io::Write::write_all(&mut file, line.as_bytes()).expect("it is written");
        SendResult::accepted(provider_of(dispatch.idempotency_key))
    };
    for turn in 0..200 {
        desk.deliver_due(command_id(now(), turn), &provider, &NoMedia, usize::MAX).expect("the pump works");
        let waiting = whole::world(store).messages().filter(|message| message.next_attempt().is_some()).count();
        if waiting == 0 {
            return;
        }
        sleep(Duration::from_millis(100));
    }
    panic!("messages are left in the outbox");
}

/// After all of it: every message that was promised is there and was sent, under one key, and every invariant holds.
fn nothing_lost_nothing_twice<S: Store>(store: &S, logs: &Directory) {
    drain(store, logs);
    let world: World = whole::check(store, terms().directory(), now());
    let by_id: BTreeMap<String, _> = world.messages().map(|message| (message.id().to_string(), message)).collect();
    let (mut keys_of, mut texts_of) = (BTreeMap::<_, BTreeSet<_>>::new(), BTreeMap::<_, BTreeSet<_>>::new());
    for line in lines(logs, "provider") {
        keys_of.entry(line[1].clone()).or_default().insert(line[0].clone());
        texts_of.entry(line[0].clone()).or_default().insert(line[1].clone());
    }
    assert!(keys_of.values().all(|keys| keys.len() == 1), "a message under two keys");
    assert!(texts_of.values().all(|texts| texts.len() == 1), "two messages under a key");
    let mut promised = 0;
    for line in lines(logs, "answered") {
        let (text, id) = (&line[0], &line[1]);
        if id == "refused" {
            assert!(!keys_of.contains_key(text), "sent, though it was refused");
            continue;
        }
        promised += 1;
        let message = by_id.get(id).unwrap_or_else(|| panic!("{id} is lost"));
        assert!(message.status() >= Status::Sent, "{id} is {:?}", message.status());
        assert!(keys_of.get(text).is_some_and(|keys| keys.contains(id)), "{id} was not given to the provider");
    }
    let outbound = by_id.values().filter(|message| !message.is_inbound()).count();
    let inbound = by_id.len() - outbound;
    assert!(promised > 20 && inbound > 20, "the centre did little: {promised} promised, {inbound} heard");
    for message in by_id.values().filter(|message| !message.is_inbound()) {
        assert!(texts_of.contains_key(&message.id().to_string()), "{:?} was never sent", message.id());
    }
    println!("{} conversations, {outbound} sent, {inbound} heard", world.conversations().count());
}

fn killed_again_and_again<S: Store>(place: &str, open: impl Fn() -> S) {
    let logs = Directory::new();
    for seed in 0..KILLS {
        let centre = Centre::start(place, &logs, seed);
        a_while(seed);
        centre.kill();
        if seed % 10 == 9 {
            whole::check(&open(), terms().directory(), now());
        }
    }
    nothing_lost_nothing_twice(&open(), &logs);
}

#[test]
fn a_process_on_sqlite_is_killed_fifty_times() {
    let directory = Directory::new();
    killed_again_and_again(&format!("sqlite:{}", directory.file().display()), || directory.sqlite());
}

#[test]
fn a_process_on_postgres_is_killed_fifty_times() {
    let Some(url) = server::url() else { return };
    let organization = unique();
    killed_again_and_again(&format!("postgres:{url}|{organization}"), || postgres(&url, &organization));
}

#[test]
fn processes_share_an_sqlite_file() {
    let directory = Directory::new();
    share(&format!("sqlite:{}", directory.file().display()), || directory.sqlite());
}

#[test]
fn processes_share_a_postgres() {
    let Some(url) = server::url() else { return };
    let organization = unique();
    share(&format!("postgres:{url}|{organization}"), || postgres(&url, &organization));
}

/// The same agents and customers in several processes.
fn share<S: Store>(place: &str, open: impl Fn() -> S) {
    let logs: Vec<Directory> = (0..4).map(|_| Directory::new()).collect();
    let centres: Vec<Centre> = logs.iter().zip(1000..).map(|(logs, seed)| Centre::start(place, logs, seed)).collect();
    sleep(Duration::from_secs(4));
    centres.into_iter().for_each(Centre::kill);
    // What one process asked for, another may have sent.
    let together = Directory::new();
    for log in ["answered", "provider"] {
        let all: String = logs.iter().map(|logs| fs::read_to_string(logs.0.join(log)).unwrap_or_default()).collect();
        fs::write(together.0.join(log), all).expect("a log");
    }
    nothing_lost_nothing_twice(&open(), &together);
}

#[test]
fn postgres_is_restarted_under_a_process() {
    let Some(server) = server::own() else { return };
    let (url, logs) = (server.url(), Directory::new());
    let centre = Centre::start(&format!("postgres:{url}|acme"), &logs, 7);
    for seed in 0..6 {
        a_while(seed);
        sleep(Duration::from_millis(300));
        server.crash().expect("the server ends");
        server.up().expect("the server starts");
    }
    sleep(Duration::from_millis(500));
    centre.kill();
    nothing_lost_nothing_twice(&postgres(&url, "acme"), &logs);
}
