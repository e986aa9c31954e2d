//! Loading: every key answered, as it was written.

use crate::port::Store;
use crate::testing::conformance::bench::Bench;
use crate::testing::conformance::finding::{Finding, ensure};
use crate::testing::conformance::made::{Make, answer, held, key, load};

pub(in crate::testing::conformance) fn answers_every_key(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    store.commit(Make::by(1).creates(1, 10).creates(3, 30).changes())?;
    let loaded = load(&store, (0..5).map(key))?;
    for number in 0..5 {
        let found = answer(&loaded, key(number))?.and_then(|versioned| held(&versioned.record));
        let expected = [1, 3].contains(&number).then_some(number * 10);
        ensure!(found == expected, "record {number} was answered as {found:?}, and is {expected:?}");
    }
    Ok(())
}

pub(in crate::testing::conformance) fn answers_many_keys(bench: &Bench<'_>) -> Result<(), Finding> {
    let store = bench.fresh().open();
    let many = (0..600).fold(Make::by(1), |make, number| make.creates(number * 2, number));
    store.commit(many.changes())?;
    let loaded = load(&store, (0..1200).map(key))?;
    for number in 0..1200 {
        let found = answer(&loaded, key(number))?.and_then(|versioned| held(&versioned.record));
        let expected = (number % 2 == 0).then_some(number / 2);
        ensure!(found == expected, "record {number} of many was answered as {found:?}, and is {expected:?}");
    }
    Ok(())
}
