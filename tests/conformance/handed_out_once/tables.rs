//! What index arrays and owner tables hand out.

use super::{Got, below, combined, property, schedules, teams};
use phalanx::prelude::*;
use proptest::prelude::*;

/// The numbers below `n`, in any order.
fn shuffled(n: std::ops::Range<usize>) -> impl Strategy<Value = Vec<usize>> + Send {
    n.prop_flat_map(|n| Just(below(n)).prop_shuffle())
}

#[test]
fn targets_of_an_index_array() {
    let values = (teams(), schedules(), shuffled(0..150), 0usize..150);
    property(values, |(options, schedule, order, taken)| {
        // Some of the elements, in any order, and others that nobody gets.
        let (len, index) = (2 * order.len(), &order[..taken.min(order.len())]);
        let mut v = below(len);
        let mut want = index.to_vec();
        want.sort_unstable();
        let table = Scatter::new(index, 0, len).expect("no index comes twice");
        let got = combined(options, v.scatter(&table), |x, got| got.add([*x]));
        assert_eq!(got, want);
        let got = in_region!(
            options,
            schedule,
            &mut v,
            |v| v.scatter(&table),
            |x, got| got.add([*x])
        );
        assert_eq!(got, want);
        // Two elements an iteration.
        let doubled: Vec<usize> = index.iter().map(|i| 2 * i).collect();
        let want: Vec<usize> = want.iter().flat_map(|i| [2 * i, 2 * i + 1]).collect();
        let table = Scatter::new(&doubled[..], [0, 1], len).expect("no index comes twice");
        let got = combined(options, v.scatter(&table), |[x, y], got| got.add([*x, *y]));
        assert_eq!(got, want);
    });
}

#[test]
fn what_an_owner_table_lists() {
    let owners = prop::collection::vec(0usize..12, 0..150);
    let values = (teams(), schedules(), owners, 1usize..12);
    property(values, |(options, schedule, owner, n)| {
        // Iterations from `n` on do not exist: nobody owns what they would.
        let owner = &owner[..];
        let list = |i: usize| (0..owner.len()).filter(move |&r| owner[r] == i);
        let table = Owners::new(owner.len(), n, list).expect("each element has one owner");
        let mut v = below(owner.len());
        let want: Vec<usize> = (0..owner.len()).filter(|&r| owner[r] < n).collect();
        let read = Got::default();
        let one = |mut mine: phalanx::Mine<'_, usize>, got: &Got| {
            for r in 0..owner.len() {
                if owner[r] == mine.iteration() {
                    mine[r] += 0;
                    got.add([mine[r]]);
                } else if owner[r] >= n {
                    read.add([mine[r]]);
                }
            }
        };
        assert_eq!(combined(options, v.owned(&table), one), want);
        let got = in_region!(
            options,
            schedule,
            &mut v,
            |v| v.owned(&table),
            |mine, got| one(mine, got)
        );
        assert_eq!(got, want);
        let free = (0..owner.len()).filter(|&r| owner[r] >= n);
        let want: Vec<usize> = free.flat_map(|r| vec![r; 2 * n]).collect();
        assert_eq!(read.sorted(), want);
    });
}
