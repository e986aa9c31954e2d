//! Hash tables that grow a little at a time.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};

/// How many tables there are; a power of two.
const TABLES: usize = 256;

/// Many small hash tables in place of one: none of them takes long to grow.
#[derive(Debug)]
pub(super) struct Tables<K, V>(Vec<Table<K, V>>);

type Table<K, V> = HashMap<K, V, BuildHasherDefault<Fold>>;

/// Folds the bits of a key, which are a digest or mixed already; no randomness is needed or wanted.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Fold(u64);

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl<K, V> Default for Tables<K, V> {
    fn default() -> Self {
        Self((0..TABLES).map(|_| Table::default()).collect())
    }
}

impl<K: Eq + Hash, V> Tables<K, V> {
    /// Which of the tables: told by bits that a table does not look at itself.
    fn place(key: &K) -> usize {
        let [.., place, _, _] = BuildHasherDefault::<Fold>::default().hash_one(key).to_le_bytes();
        usize::from(place) % TABLES
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.0.get(Self::place(key))?.get(key)
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.0.get_mut(Self::place(key))?.get_mut(key)
    }

    pub(super) fn entry(&mut self, key: K) -> Option<Entry<'_, K, V>> {
        self.0.get_mut(Self::place(&key)).map(|table| table.entry(key))
    }

    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        self.0.get_mut(Self::place(key))?.remove(key)
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        for table in &mut self.0 {
            table.retain(&mut keep);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().flatten()
    }
}
