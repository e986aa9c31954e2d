//! Places for stores: a file, an organization in a database.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use outbound_stores::{BlockOn, PostgresStore, SqliteStore, Synchronous};
use tokio::runtime::Builder;

/// A directory that goes with its test.
pub struct Directory(pub PathBuf);

impl Directory {
    pub fn new() -> Self {
        let directory = env::temp_dir().join(format!("outbound-stores-{}", unique()));
        fs::create_dir_all(&directory).expect("a directory");
        Self(directory)
    }

    pub fn file(&self) -> PathBuf {
        self.0.join("outbound.sqlite")
    }

    /// A store that waits for no disk: for what is not about power.
    pub fn sqlite(&self) -> SqliteStore {
        SqliteStore::open_with(self.file(), Synchronous::Normal).expect("a store")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A name that nothing else has.
pub fn unique() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// A blocking store on PostgreSQL with a runtime of its own.
pub fn postgres(url: &str, organization: &str) -> BlockOn<PostgresStore> {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let store = runtime.block_on(PostgresStore::open(url, organization, 16));
    BlockOn::new(store.unwrap_or_else(|error| panic!("{error:?}")), runtime)
}
