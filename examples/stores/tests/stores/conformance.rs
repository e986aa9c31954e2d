//! The suite of the stores' port: a test of each check, for each store and each of its faces.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use outbound::port::{Blocking, Store};
use outbound::testing::conformance::{BlockOn as DrivenBy, Break, Capability, Job, StoreHarness};
use outbound_stores::{BlockOn, PostgresStore, SpawnBlocking, SqliteStore};
use tokio::runtime::Builder;

use crate::support::place::{Directory, postgres, unique};
use crate::support::proxy::Proxy;
use crate::support::server::{self, Shared};

fn on_threads(jobs: Vec<Job<'_>>) {
    std::thread::scope(|scope| {
        for job in jobs {
            scope.spawn(job);
        }
    });
}

/// Past the test runner, which keeps to itself what a passing test prints.
fn say(what: &str) {
    let _ = writeln!(std::io::stderr(), "{what}");
}

/// SQLite, as what a function makes of it. Files stay while the check runs, since its stores may outlive their place.
struct Sqlite<F>(F, Mutex<Vec<Arc<Directory>>>);

impl<F> Sqlite<F> {
    fn new(make: F) -> Self {
        Self(make, Mutex::default())
    }
}

impl<S: Store + 'static, F: Fn(SqliteStore) -> S + Sync> StoreHarness for Sqlite<F> {
    type Store = S;
    type Place = Arc<Directory>;

    fn fresh(&self) -> Arc<Directory> {
        let place = Arc::new(Directory::new());
        self.1.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&place));
        place
    }
    fn open(&self, place: &Arc<Directory>) -> S {
        (self.0)(place.sqlite())
    }
    fn capabilities(&self) -> Vec<Capability> {
        vec![Capability::Durable, Capability::Connections, Capability::Parallel]
    }
    fn together(&self, jobs: Vec<Job<'_>>) {
        on_threads(jobs);
    }
    fn skipped(&self, what: &str) {
        say(what);
    }
}

/// PostgreSQL, through a proxy that can break commits.
struct Postgres;

struct Place {
    organization: String,
    url: String,
    /// Before a server of the tests' own.
    proxy: Option<Proxy>,
}

impl StoreHarness for Postgres {
    type Store = BlockOn<PostgresStore>;
    type Place = Place;

    fn fresh(&self) -> Place {
        let server = server::shared().expect("there is a server, or the check is skipped");
        let organization = unique();
        match server {
            Shared::Given(url) => Place { organization, url: url.clone(), proxy: None },
            Shared::Own(server) => {
                let proxy = Proxy::before(server.socket());
                Place { organization, url: proxy.url(), proxy: Some(proxy) }
            }
        }
    }
    fn open(&self, place: &Place) -> BlockOn<PostgresStore> {
        postgres(&place.url, &place.organization)
    }
    fn unavailable(&self) -> Option<String> {
        server::shared().err().map(str::to_owned)
    }
    fn capabilities(&self) -> Vec<Capability> {
        let is_own = matches!(server::shared(), Ok(Shared::Own(_)));
        Capability::ALL.into_iter().filter(|able| is_own || *able != Capability::BreaksCommits).collect()
    }
    fn together(&self, jobs: Vec<Job<'_>>) {
        on_threads(jobs);
    }
    fn skipped(&self, what: &str) {
        say(what);
    }
    fn break_next_commit(&self, place: &Place, how: Break) {
        place.proxy.iter().for_each(|proxy| proxy.break_next_commit(how));
    }
}

mod on_sqlite {
    outbound::testing::store_conformance!(super::Sqlite::new(|store| store));
}

mod on_sqlite_asynchronous {
    outbound::testing::store_conformance!(super::Sqlite::new(|store| {
        let runtime = super::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
        super::BlockOn::new(super::SpawnBlocking(store), runtime)
    }));
}

mod on_sqlite_ready_at_once {
    outbound::testing::store_conformance!(super::Sqlite::new(|store| {
        super::DrivenBy::new(super::Blocking(store), |future| {
            super::Builder::new_current_thread().build().expect("a runtime").block_on(future)
        })
    }));
}

mod on_postgres {
    outbound::testing::store_conformance!(super::Postgres);
}
