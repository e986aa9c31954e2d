//! One story over every store and driver, one world.

use outbound::memory::MemoryStore;
use outbound::port::{Clock, Store};

use crate::support::acme::terms;
use crate::support::place::{Directory, postgres, unique};
use crate::support::story::{Teller, tell};
use crate::support::{server, whole};

fn tells_the_story<S: Store>(store: S) {
    let memory = MemoryStore::new();
    tell(&Teller::new(memory.clone(), || 0));
    let teller = Teller::new(store, || 0);
    tell(&teller);
    let world = whole::check(teller.desk.store(), terms().directory(), teller.desk.clock().now());
    assert_eq!(world, memory.world());
    let (mut events, mut expected) = (whole::feed(teller.desk.store()), memory.all_events());
    events.sort_by_key(|event| (event.stream, event.sequence));
    expected.sort_by_key(|event| (event.stream, event.sequence));
    assert_eq!(events, expected);
}

#[test]
fn on_sqlite() {
    let directory = Directory::new();
    tells_the_story(directory.sqlite());
}

#[test]
fn on_postgres() {
    let Some(url) = server::url() else { return };
    tells_the_story(postgres(&url, &unique()));
}
