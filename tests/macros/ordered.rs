//! What the blocks of an ordered loop have as a whole is the variable itself.

use phalanx::prelude::*;
use std::collections::BTreeMap;

#[omp]
fn collect(n: usize, threads: usize) -> Vec<String> {
    let mut log = Vec::new();
    #[parallel_for(schedule(dynamic, 1), ordered, writes(log), num_threads(threads))]
    for i in 0..n {
        let line = format!("{i}");
        #[ordered]
        {
            log.push(line);
        }
    }
    log
}

#[omp]
fn by_reference(log: &mut Vec<usize>, map: &mut BTreeMap<usize, usize>, threads: usize) {
    let mut total = 0;
    #[parallel_for(ordered, writes(log, map, total), num_threads(threads))]
    for i in 0..20usize {
        #[ordered]
        {
            if i % 3 == 0 {
                log.push(i);
            }
            *map.entry(i % 4).or_default() += i;
            *total += i;
        }
    }
    assert_eq!(total, 190);
}

#[omp]
fn of_fixed_length(y: &mut [usize], g: &mut Grid2<usize>, threads: usize) -> [usize; 4] {
    let mut last = [0; 4];
    #[parallel_for(ordered, writes(y, g, last), num_threads(threads))]
    for i in 1..y.len() {
        #[ordered]
        {
            y[i] = y[i - 1] + i;
            g[i][0] = g[i - 1][0] + y[i];
            last[i % 4] = i;
        }
    }
    last
}

#[test]
fn grows() {
    for threads in [1, 2, 3, 8] {
        let wanted: Vec<String> = (0..50).map(|i| format!("{i}")).collect();
        assert_eq!(collect(50, threads), wanted, "{threads} threads");
        assert!(collect(0, threads).is_empty());
        let (mut log, mut map) = (vec![100], BTreeMap::new());
        by_reference(&mut log, &mut map, threads);
        assert_eq!(log, [100, 0, 3, 6, 9, 12, 15, 18], "{threads} threads");
        assert_eq!(map[&1], 1 + 5 + 9 + 13 + 17);
    }
}

#[test]
fn keeps_its_shape() {
    for threads in [1, 2, 3, 8] {
        let (mut y, mut g) = (vec![0; 10], Grid2::filled(10, 2, 0));
        let last = of_fixed_length(&mut y, &mut g, threads);
        assert_eq!(y[9], 45, "{threads} threads");
        assert_eq!(g[9][0], (1..10).map(|i| i * (i + 1) / 2).sum::<usize>());
        assert_eq!(last, [8, 9, 6, 7]);
    }
}
