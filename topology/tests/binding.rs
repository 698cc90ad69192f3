//! Assigning threads to places: worked examples of the specification, and its rules as properties.
#![allow(missing_docs)]

use phalanx_topology::{Assignment, ProcBind, assign};
use proptest::prelude::*;
use std::ops::Range;

fn places(team: &[Assignment]) -> Vec<usize> {
    team.iter().map(|thread| thread.place).collect()
}

fn partitions(team: &[Assignment]) -> Vec<Range<usize>> {
    team.iter().map(|thread| thread.partition.clone()).collect()
}

#[test]
fn words() {
    for (text, bind) in [
        ("false", ProcBind::False),
        ("TRUE", ProcBind::True),
        (" Primary ", ProcBind::Primary),
        ("master", ProcBind::Primary),
        ("close", ProcBind::Close),
        ("Spread", ProcBind::Spread),
    ] {
        assert_eq!(text.parse(), Ok(bind));
        assert_eq!(bind.to_string().parse(), Ok(bind));
    }
    let error = "sprea".parse::<ProcBind>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`sprea` is no thread binding: expected false, true, primary, close or spread"
    );
    assert!(!ProcBind::False.binds() && ProcBind::True.binds());
}

/// The affinity chapter of the OpenMP examples: 8 places, the parent on place 0.
#[test]
fn as_in_the_openmp_examples() {
    let team = assign(ProcBind::Spread, 4, 0..8, 0);
    assert_eq!(places(&team), [0, 2, 4, 6]);
    assert_eq!(partitions(&team), [0..2, 2..4, 4..6, 6..8]);
    let team = assign(ProcBind::Spread, 16, 0..8, 0);
    assert_eq!(
        places(&team),
        [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7]
    );
    assert_eq!(partitions(&team)[14..], [7..8, 7..8]);
    let team = assign(ProcBind::Close, 4, 0..8, 0);
    assert_eq!(places(&team), [0, 1, 2, 3]);
    assert_eq!(partitions(&team), [0..8, 0..8, 0..8, 0..8]);
    assert_eq!(
        places(&assign(ProcBind::Close, 16, 0..8, 0)),
        [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7]
    );
    let team = assign(ProcBind::Primary, 4, 0..8, 0);
    assert_eq!(
        (places(&team), &partitions(&team)[3]),
        (vec![0; 4], &(0..8))
    );
}

#[test]
fn wrapping_round_the_partition() {
    assert_eq!(places(&assign(ProcBind::Close, 4, 2..6, 5)), [5, 2, 3, 4]);
    let team = assign(ProcBind::Spread, 3, 0..8, 4);
    assert_eq!(partitions(&team), [3..6, 6..8, 0..3]);
    assert_eq!(
        places(&team),
        [4, 6, 0],
        "the primary stays; the others go to their part's first place"
    );
    let team = assign(ProcBind::Spread, 6, 4..8, 6);
    assert_eq!(places(&team), [6, 6, 7, 7, 4, 5]);
    assert_eq!(partitions(&team)[4], 4..5);
}

#[test]
fn one_place_and_no_threads() {
    for bind in [
        ProcBind::False,
        ProcBind::True,
        ProcBind::Primary,
        ProcBind::Close,
        ProcBind::Spread,
    ] {
        assert!(assign(bind, 0, 0..0, 0).is_empty());
        assert_eq!(places(&assign(bind, 3, 5..6, 5)), [5, 5, 5]);
    }
}

#[test]
fn nested_spread_then_close() {
    let outer = assign(ProcBind::Spread, 4, 0..16, 0);
    let inner: Vec<usize> = outer
        .iter()
        .flat_map(|a| places(&assign(ProcBind::Close, 4, a.partition.clone(), a.place)))
        .collect();
    assert_eq!(inner, (0..16).collect::<Vec<_>>());
}

#[test]
#[should_panic(expected = "the primary thread's place 4 is not in the place partition 0..4")]
fn primary_outside() {
    let _ = assign(ProcBind::Close, 1, 0..4, 4);
}

/// Every machine of 1 to 8 nodes with 1 to 6 places each, every primary place, teams up to twice as large.
#[test]
fn small_machines_exhaustively() {
    for (nodes, each) in (1..=8_usize).flat_map(|nodes| (1..=6).map(move |each| (nodes, each))) {
        let all = nodes * each;
        for primary in 0..all {
            for threads in 1..=2 * all {
                let team = assign(ProcBind::Spread, threads, 0..all, primary);
                loads_are_even(&team, &(0..all));
                if threads == nodes {
                    let mut of_nodes: Vec<usize> =
                        places(&team).iter().map(|place| place / each).collect();
                    of_nodes.sort_unstable();
                    assert_eq!(
                        of_nodes,
                        (0..nodes).collect::<Vec<_>>(),
                        "one thread a node"
                    );
                }
            }
        }
    }
}

fn loads_are_even(team: &[Assignment], partition: &Range<usize>) {
    let mut loads = vec![0_usize; partition.len()];
    team.iter()
        .for_each(|thread| loads[thread.place - partition.start] += 1);
    let (least, most) = (loads.iter().min().unwrap(), loads.iter().max().unwrap());
    assert!(most - least <= 1, "{loads:?}");
    assert!(
        *least == team.len() / partition.len() || *most <= 1,
        "{loads:?}"
    );
}

/// A partition somewhere in a place list, a place in it, a number of threads.
fn teams() -> impl Strategy<Value = (Range<usize>, usize, usize)> {
    (
        0..100_usize,
        1..70_usize,
        any::<prop::sample::Index>(),
        1..200_usize,
    )
        .prop_map(|(start, places, at, threads)| {
            (start..start + places, start + at.index(places), threads)
        })
}

proptest! {
    #[test]
    fn everyone_is_in_the_partition((partition, primary, threads) in teams()) {
        for bind in [ProcBind::False, ProcBind::True, ProcBind::Primary, ProcBind::Close, ProcBind::Spread] {
            let team = assign(bind, threads, partition.clone(), primary);
            prop_assert_eq!(team.len(), threads);
            prop_assert_eq!(team[0].place, primary);
            for thread in &team {
                prop_assert!(thread.partition.contains(&thread.place));
                prop_assert!(partition.start <= thread.partition.start && thread.partition.end <= partition.end);
            }
        }
    }

    #[test]
    fn close_goes_on_step_by_step((partition, primary, threads) in teams()) {
        let team = assign(ProcBind::Close, threads, partition.clone(), primary);
        prop_assert_eq!(&team, &assign(ProcBind::True, threads, partition.clone(), primary));
        loads_are_even(&team, &partition);
        for pair in team.windows(2) {
            let next = if pair[0].place + 1 == partition.end { partition.start } else { pair[0].place + 1 };
            let stays = threads > partition.len() && pair[1].place == pair[0].place;
            prop_assert!(stays || pair[1].place == next);
        }
    }

    #[test]
    fn spread_cuts_the_partition((partition, primary, threads) in teams()) {
        let team = assign(ProcBind::Spread, threads, partition.clone(), primary);
        loads_are_even(&team, &partition);
        let mut parts = partitions(&team);
        if threads > partition.len() {
            prop_assert!(parts.iter().zip(&team).all(|(part, thread)| *part == (thread.place..thread.place + 1)));
        } else {
            for thread in &team[1..] {
                prop_assert_eq!(thread.place, thread.partition.start);
            }
            for pair in team.windows(2) {
                let (end, start) = (pair[0].partition.end, pair[1].partition.start);
                prop_assert!(start == end || (end == partition.end && start == partition.start));
            }
            let (least, most) = (partition.len() / threads, partition.len().div_ceil(threads));
            prop_assert!(parts.iter().all(|part| (least..=most).contains(&part.len())));
            parts.sort_by_key(|part| part.start);
            prop_assert_eq!(parts[0].start, partition.start);
            prop_assert_eq!(parts[threads - 1].end, partition.end);
            prop_assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start));
        }
    }
}
