//! What the suite of the port does not ask: what errors mean, what is absent, who sets up first.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{SetState, SignIn};
use outbound::desk::Desk;
use outbound::engine::{Changes, Command, Guard, Next, Run};
use outbound::model::{ChosenState, Key};
use outbound::port::{AsyncStore, CommitError, EventQuery, ManualClock, Store};
use outbound::record::Envelope;
use outbound_stores::{PostgresError, PostgresStore, SqliteError, SqliteStore};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

use crate::support::acme::{beginning, command_id, id, inbound, terms};
use crate::support::place::{Directory, postgres, unique};
use crate::support::{server, whole};

/// What a command would change, decided and not committed.
fn decided<C: Command>(store: &impl Store, number: u64, at: DateTime<Utc>, command: &C) -> Changes {
    let terms = terms();
    let mut run = Run::new(&terms, at, command_id(beginning(), number), command);
    loop {
        match run.step() {
            Next::Load(reads) => run.supply(store.load(&reads).unwrap_or_else(|error| panic!("{error:?}"))),
            Next::Commit(changes, _) => return *changes,
            other => panic!("{command:?}: {other:?}"),
        }
    }
}

fn sign_in(agent: &str) -> SignIn {
    SignIn { agent: id(agent), team: id("care"), state: ChosenState::Available }
}

/// The same changes, resting on an agent's never having signed in.
fn while_absent(mut changes: Changes, agent: &str) -> Changes {
    changes.guards.push(Guard { key: Key::presence(&id(agent)), version: None });
    changes.guards.sort_unstable_by_key(|guard| guard.key);
    changes
}

/// Two commits that each create what the other saw to be absent: one of them at most.
fn no_skew_over_what_is_absent<S: Store>(fresh: impl Fn() -> S) {
    let mut wins = 0;
    for _ in 0..40 {
        let store = fresh();
        let barrier = Barrier::new(2);
        let race = |number, agent, other| {
            let changes = while_absent(decided(&store, number, beginning(), &sign_in(agent)), other);
            barrier.wait();
            match store.commit(changes) {
                Ok(()) => 1,
                Err(CommitError::Conflict) => 0,
                Err(error) => panic!("{error:?}"),
            }
        };
        let won: usize = thread::scope(|scope| {
            let first = scope.spawn(|| race(1, "ana", "bruno"));
            let second = scope.spawn(|| race(2, "bruno", "ana"));
            first.join().expect("no panic") + second.join().expect("no panic")
        });
        assert!(won <= 1, "both saw the other's record absent");
        assert_eq!(whole::world(&store).presences().count(), won);
        wins += won;
    }
    assert!(wins > 30, "hardly anybody wins");
}

#[test]
fn what_is_absent_is_guarded_on_sqlite() {
    let directory = Directory::new();
    no_skew_over_what_is_absent(|| SqliteStore::open(directory.0.join(unique())).expect("a store"));
}

#[test]
fn what_is_absent_is_guarded_on_postgres() {
    let Some(url) = server::url() else { return };
    no_skew_over_what_is_absent(|| postgres(&url, &unique()));
}

#[test]
fn what_was_looked_for_can_be_created_later() {
    let Some(url) = server::url() else { return };
    let organization = unique();
    let store = postgres(&url, &organization);
    store.commit(while_absent(decided(&store, 1, beginning(), &sign_in("ana")), "bruno")).expect("bruno is absent");
    let rows = runtime().block_on(async {
        let count = "SELECT count(*) FROM outbound.organization JOIN outbound.record ON organization = number
                     WHERE name = $1 AND version = 0";
        connect(&url).await.query_one(count, &[&organization]).await.expect("an answer").get::<_, i64>(0)
    });
    assert_eq!(rows, 0, "what was held is not left behind");
    store.commit(while_absent(decided(&store, 2, beginning(), &sign_in("carla")), "bruno")).expect("he is so still");
    store.commit(decided(&store, 3, beginning(), &sign_in("bruno"))).expect("he comes");
    let late = while_absent(decided(&store, 4, beginning(), &sign_in("hugo")), "bruno");
    assert!(matches!(store.commit(late), Err(CommitError::Conflict)));
    whole::check(&store, terms().directory(), beginning());
}

/// A stream keeps its order in the feed, even where a host's clock goes back.
fn a_stream_keeps_its_order<S: Store>(store: &S) {
    store.commit(decided(store, 1, beginning(), &sign_in("ana"))).expect("signed in");
    for number in 2..6 {
        let earlier = beginning() - TimeDelta::minutes(i64::try_from(number).expect("small"));
        let state = if number % 2 == 0 { ChosenState::Idle(id("lunch")) } else { ChosenState::Available };
        let set = SetState { agent: id("ana"), class: None, state };
        store.commit(decided(store, number, earlier, &set)).expect("set");
        if number == 3 {
            assert_eq!(whole::feed(store).len(), 3, "numbered in between");
        }
    }
    let feed = whole::feed(store);
    let sequences: Vec<u64> = feed.iter().map(|event| event.sequence).collect();
    assert!(sequences.is_sorted() && sequences.len() >= 5, "{sequences:?}");
}

#[test]
fn a_stream_keeps_its_order_on_sqlite() {
    a_stream_keeps_its_order(&Directory::new().sqlite());
}

#[test]
fn a_stream_keeps_its_order_on_postgres() {
    let Some(url) = server::url() else { return };
    a_stream_keeps_its_order(&postgres(&url, &unique()));
}

/// Several read the feed while others commit: each is given every event once, and all in the same order.
#[test]
fn readers_of_the_feed_agree_on_postgres() {
    let Some(url) = server::url() else { return };
    let store = postgres(&url, &unique());
    let desk = Desk::new(&store, terms(), ManualClock::at(beginning()));
    let working = AtomicUsize::new(3);
    let read = || {
        let (mut events, mut after) = (Vec::new(), 0);
        loop {
            let is_last = working.load(Ordering::SeqCst) == 0;
            let page = store.events(&EventQuery::Feed { after, limit: 7 }).expect("a page");
            if page.events.is_empty() && is_last {
                return events;
            }
            after = page.next;
            events.extend(page.events.iter().map(Envelope::id));
        }
    };
    let feeds: Vec<Vec<_>> = thread::scope(|scope| {
        let readers: Vec<_> = (0..3).map(|_| scope.spawn(read)).collect();
        for writer in 0..3 {
            let (desk, working) = (&desk, &working);
            scope.spawn(move || {
                for nth in 0..30 {
                    let number = 100 * writer + nth;
                    let message = inbound(&format!("+351912000{number:03}"), &format!("in-{number}"), "hello");
                    desk.run(command_id(beginning(), number), &message).expect("heard");
                }
                working.fetch_sub(1, Ordering::SeqCst);
            });
        }
        readers.into_iter().map(|reader| reader.join().expect("no panic")).collect()
    });
    let whole: Vec<_> = whole::feed(&store).iter().map(Envelope::id).collect();
    assert!(whole.len() > 300, "90 messages leave more than {} events", whole.len());
    assert!(feeds.iter().all(|feed| *feed == whole));
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

async fn connect(url: &str) -> Client {
    let (client, traffic) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    tokio::spawn(traffic);
    client
}

/// Ana is signed in; another client holds her row, so that a commit about her waits.
async fn held(url: &str, organization: &str) -> Client {
    let client = connect(url).await;
    client.batch_execute("BEGIN").await.expect("begun");
    let lock = "SELECT 1 FROM outbound.organization JOIN outbound.record ON organization = number
                WHERE name = $1 FOR UPDATE OF record";
    assert!(!client.query(lock, &[&organization]).await.expect("locked").is_empty());
    client
}

fn about_ana(url: &str, organization: &str) -> Changes {
    let store = postgres(url, organization);
    store.commit(decided(&store, 1, beginning(), &sign_in("ana"))).expect("signed in");
    let set = SetState { agent: id("ana"), class: None, state: ChosenState::Idle(id("lunch")) };
    decided(&store, 2, beginning(), &set)
}

#[test]
fn an_error_of_the_server_is_a_failure() {
    let Some(url) = server::url() else { return };
    let organization = unique();
    let changes = about_ana(&url, &organization);
    runtime().block_on(async {
        let impatient = format!("{url} options='-c statement_timeout=200'");
        let store = PostgresStore::open(&impatient, &organization, 1).await.expect("a store");
        let holder = held(&url, &organization).await;
        let outcome = store.commit(changes.clone()).await;
        assert!(matches!(outcome, Err(CommitError::Failed(_))), "{outcome:?}");
        drop(holder);
        tokio::time::sleep(Duration::from_millis(100)).await;
        store.commit(changes).await.expect("nothing is left of the first try");
    });
}

#[test]
fn a_connection_that_ends_leaves_the_outcome_unknown() {
    let Some(url) = server::url() else { return };
    let organization = unique();
    let changes = about_ana(&url, &organization);
    runtime().block_on(async {
        let named = format!("{url} application_name={organization}");
        let store = PostgresStore::open(&named, &organization, 1).await.expect("a store");
        let holder = held(&url, &organization).await;
        let (waiting, sent) = (store.clone(), changes.clone());
        let commit = tokio::spawn(async move { waiting.commit(sent).await });
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE application_name = $1 AND wait_event_type = 'Lock'";
        while connect(&url).await.query(end, &[&organization]).await.expect("ended").is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let outcome = commit.await.expect("no panic");
        assert!(matches!(outcome, Err(CommitError::Unknown(_))), "{outcome:?}");
        drop(holder);
        tokio::time::sleep(Duration::from_millis(100)).await;
        store.commit(changes).await.expect("it was not applied, and another connection is used");
    });
}

#[test]
fn a_commit_that_is_dropped_leaves_no_lock() {
    let Some(url) = server::url() else { return };
    let organization = unique();
    let changes = about_ana(&url, &organization);
    runtime().block_on(async {
        let store = PostgresStore::open(&url, &organization, 1).await.expect("a store");
        let holder = held(&url, &organization).await;
        let dropped = tokio::time::timeout(Duration::from_millis(100), store.commit(changes.clone())).await;
        assert!(dropped.is_err(), "it waits for the lock");
        drop(holder);
        // The server may have carried out what was dropped, and may not: it is whole or not at all, and nothing hangs.
        let again = tokio::time::timeout(Duration::from_secs(10), store.commit(changes)).await.expect("nothing hangs");
        assert!(matches!(again, Ok(()) | Err(CommitError::Conflict)), "{again:?}");
        let page = store.events(&EventQuery::Feed { after: 0, limit: 100 }).await.expect("a page");
        assert_eq!(page.events.len(), 2);
    });
}

#[test]
fn many_set_up_a_database_at_once_and_none_that_is_newer() {
    let Some(url) = server::url() else { return };
    let database = format!("outbound_{}", unique().replace('-', "_"));
    let runtime = runtime();
    runtime.block_on(async {
        let create = format!("CREATE DATABASE {database}");
        connect(&url).await.batch_execute(&create).await.expect("a database");
    });
    let fresh = url.replace("dbname=postgres", &format!("dbname={database}"));
    if fresh == url {
        return; // A server that was given, by a URL of another form.
    }
    at_once(|| drop(postgres(&fresh, &unique())));
    runtime.block_on(async {
        let later = "INSERT INTO outbound.migration (number) VALUES (99)";
        connect(&fresh).await.batch_execute(later).await.expect("a later step");
        let refused = PostgresStore::open(&fresh, "acme", 1).await;
        assert!(matches!(refused, Err(PostgresError::Newer { found: 99, .. })), "{refused:?}");
    });
}

#[test]
fn many_set_up_a_file_at_once_and_none_that_is_newer() {
    let mut directory = Directory::new();
    for _ in 0..20 {
        directory = Directory::new();
        at_once(|| drop(directory.sqlite()));
    }
    let file = rusqlite::Connection::open(directory.file()).expect("the file");
    file.pragma_update(None, "user_version", 99).expect("a later step");
    let refused = SqliteStore::open(directory.file());
    assert!(matches!(refused, Err(SqliteError::Newer { found: 99, .. })), "{refused:?}");
}

#[test]
fn a_position_is_given_once_though_events_are_deleted() {
    let directory = Directory::new();
    let store = directory.sqlite();
    store.commit(decided(&store, 1, beginning(), &sign_in("ana"))).expect("signed in");
    let before = store.events(&EventQuery::Feed { after: 0, limit: 100 }).expect("a page");
    let file = rusqlite::Connection::open(directory.file()).expect("the file");
    file.execute("DELETE FROM event", []).expect("deleted");
    store.commit(decided(&store, 2, beginning(), &sign_in("bruno"))).expect("signed in");
    let after = store.events(&EventQuery::Feed { after: before.next, limit: 100 }).expect("a page");
    assert!(!after.events.is_empty(), "whoever has read so far finds what is new");
}

fn at_once(work: impl Fn() + Sync) {
    let barrier = Barrier::new(8);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                barrier.wait();
                work();
            });
        }
    });
}

#[test]
fn organizations_do_not_see_each_other() {
    let Some(url) = server::url() else { return };
    let (one, other) = (postgres(&url, &unique()), postgres(&url, &unique()));
    let changes = decided(&one, 1, beginning(), &sign_in("ana"));
    one.commit(changes.clone()).expect("signed in");
    assert_eq!((whole::world(&other).records().count(), whole::feed(&other).len()), (0, 0));
    other.commit(changes).expect("the same keys are free there");
}
