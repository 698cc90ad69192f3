//! Clauses of constructs inside regions, against sequential twins.

use crate::watch::watched;
use phalanx::prelude::*;

const TEAMS: [usize; 5] = [1, 2, 3, 4, 8];

#[omp]
fn last_values(n: usize) -> (u64, i32, Vec<u64>) {
    let (mut last, mut kept) = (0u64, -7);
    let seen = Critical::new(Vec::new());
    #[parallel(num_threads(n), shared(last, kept))]
    {
        #[for_each(schedule(dynamic, 3), lastprivate(last))]
        for i in 0..50u64 {
            last = i * i;
        }
        // An empty loop leaves its variable alone.
        #[for_each(lastprivate(kept))]
        for i in 0..0i32 {
            kept = i;
        }
        let mut own = 1u64;
        let mut sum = 0;
        #[for_each(schedule(static, 4), lastprivate(own), firstprivate(own), reduction(+: sum))]
        for i in 0..30u64 {
            if i == 13 {
                continue;
            }
            own += i;
            sum += 1;
        }
        assert_eq!(sum, 29);
        #[critical(seen)]
        {
            seen.push(own);
        }
    }
    (last, kept, seen.into_inner())
}

#[test]
fn lastprivate() {
    for n in TEAMS {
        let (last, kept, seen) = last_values(n);
        assert_eq!((last, kept, seen.len()), (49 * 49, -7, n), "{n} threads");
        assert!(seen.iter().all(|own| *own == seen[0]), "the same on all");
    }
}

#[omp]
fn strided(n: usize) -> (Vec<i64>, i64, usize) {
    let mut y = vec![0i64; 40];
    let (mut j, mut k) = (5, 0usize);
    #[parallel_for(num_threads(n), schedule(dynamic, 3), disjoint(y), linear(j: 3))]
    for i in 0..20usize {
        y[i] = j;
        j += 3;
    }
    #[parallel(num_threads(n), shared(y), firstprivate(k))]
    {
        k += 2;
        #[for_each(disjoint(y), linear(k))]
        for i in 20..40usize {
            y[i] = k as i64;
            k += 1;
        }
        assert_eq!(k, 22, "on every thread");
    }
    let mut down = 250u8;
    #[parallel_for(num_threads(n), linear(down: 1))]
    for _ in 0..10 {
        down = down.wrapping_add(1);
    }
    k = down.into();
    (y, j, k)
}

#[test]
fn linear() {
    for n in TEAMS {
        let (y, j, k) = strided(n);
        let want = (0..20).map(|i| 5 + 3 * i).chain(2..22);
        assert_eq!(y, want.collect::<Vec<i64>>(), "{n} threads");
        assert_eq!((j, k), (65, 4));
    }
}

#[omp]
fn crooked(n: usize) {
    let mut j = 0;
    #[parallel_for(num_threads(n), linear(j: 2))]
    for i in 0..10 {
        j += if i == 7 { 3 } else { 2 };
    }
}

#[test]
#[should_panic(
    expected = "linear(j: 2): each iteration adds 2 to `j`, but iteration 7 left it at 17, and not at 16"
)]
fn a_step_that_differs_is_named() {
    crooked(3);
}

#[omp]
fn logs(n: usize, x: &[u64]) -> (Vec<u64>, Vec<u64>, u64) {
    let (mut log, mut twice) = (Vec::with_capacity(x.len()), vec![0u64; x.len()]);
    let mut order = Vec::with_capacity(x.len());
    let mut last = 0;
    let (mut text, mut steps) = (String::new(), String::new());
    #[parallel(num_threads(n), shared(text, twice, last))]
    {
        #[for_each(
            ordered,
            writes(text),
            disjoint(twice),
            schedule(dynamic, 2),
            lastprivate(last)
        )]
        for i in 0..x.len() {
            twice[i] = 2 * x[i];
            let square = x[i] * x[i];
            last = square;
            if i % 5 == 3 {
                continue;
            }
            #[ordered]
            {
                text.push_str(&format!("{square};"));
            }
        }
    }
    #[parallel_for(ordered, writes(steps), num_threads(n), schedule(static, 1))]
    for i in 0..x.len() {
        #[ordered]
        {
            steps.push_str(&format!("{i};"));
        }
    }
    log.extend(
        text.split_terminator(';')
            .map(|t| t.parse::<u64>().unwrap()),
    );
    order.extend(
        steps
            .split_terminator(';')
            .map(|t| t.parse::<u64>().unwrap()),
    );
    assert_eq!(order, (0..x.len() as u64).collect::<Vec<_>>());
    (log, twice, last)
}

#[test]
fn ordered() {
    let x: Vec<u64> = (0..33).map(|k| k * 7 % 20).collect();
    for n in TEAMS {
        let (log, twice, last) = logs(n, &x);
        let want = x.iter().enumerate().filter(|(i, _)| i % 5 != 3);
        assert_eq!(
            log,
            want.map(|(_, x)| x * x).collect::<Vec<_>>(),
            "{n} threads"
        );
        assert_eq!(twice, x.iter().map(|x| 2 * x).collect::<Vec<_>>());
        assert_eq!(last, x[32] * x[32]);
    }
}

macro_rules! skip {
    ($i:expr) => {
        if $i == 5 {
            continue;
        }
    };
}

#[omp]
fn hidden_continue(n: usize) {
    let mut log = String::new();
    #[parallel(num_threads(n), shared(log))]
    {
        #[for_each(ordered, writes(log))]
        for i in 0..20 {
            skip!(i);
            #[ordered]
            {
                log.push('x');
            }
        }
    }
}

#[test]
fn a_turn_that_is_skipped_by_a_macro_does_not_hang() {
    watched(|| {
        for n in TEAMS {
            let ended = std::panic::catch_unwind(|| hidden_continue(n));
            let payload = ended.expect_err("the loop was left early");
            let text = payload.downcast_ref::<&str>().expect("a message");
            assert!(text.contains("early"), "{text}");
        }
    });
}

#[omp]
fn region_sums(n: usize) -> (f64, Vec<u64>, u64) {
    let (mut sum, mut most) = (0.5, 0u64);
    let mut counts = vec![1u64; 3];
    #[parallel(num_threads(n), reduction(+: sum, counts), reduction(max: most))]
    {
        sum += thread_num() as f64;
        most = most.max(thread_num() as u64);
        #[for_each(schedule(dynamic, 1))]
        for i in 0..30usize {
            counts[i % 3] += 1;
        }
    }
    (sum, counts, most)
}

#[test]
fn reductions_of_a_region() {
    for n in TEAMS {
        let (sum, counts, most) = region_sums(n);
        let want = 0.5 + (0..n).map(|k| k as f64).sum::<f64>();
        assert_eq!((sum, most), (want, n as u64 - 1), "{n} threads");
        assert_eq!(counts, [11, 11, 11]);
    }
}

threadprivate! {
    static SEED: u64 = 1;
}

#[omp]
fn seeds(n: usize) -> u64 {
    let mut sum = 0;
    SEED.set(40);
    #[parallel(num_threads(n), copyin(SEED), reduction(+: sum))]
    {
        SEED.set(SEED.get() + 2);
        sum += SEED.get();
    }
    sum
}

#[test]
fn copyin() {
    for n in TEAMS {
        assert_eq!(seeds(n), 42 * n as u64);
    }
}

#[omp]
fn copies(n: usize) -> Vec<(usize, String, usize, usize)> {
    let all = Critical::new(Vec::new());
    #[parallel(num_threads(n))]
    {
        let (mut who, mut name) = (usize::MAX, String::new());
        let twice = #[single(copyprivate(who, name))]
        {
            who = thread_num();
            name.push_str("chosen");
            2 * who
        };
        assert_eq!(num_threads(), n);
        let by = #[masked(filter(num_threads() - 1))]
        {
            thread_num()
        };
        #[masked(filter(n + 1))]
        {
            unreachable!();
        }
        #[critical(all)]
        {
            all.push((who, name, twice, by));
        }
    }
    all.into_inner()
}

#[test]
fn copyprivate_and_filter() {
    for n in TEAMS {
        let all = copies(n);
        assert_eq!(all.len(), n);
        for (who, name, twice, by) in &all {
            assert_eq!((who, &name[..], *by), (&all[0].0, "chosen", n - 1));
            assert_eq!(*twice, 2 * all[0].0);
        }
    }
}

#[omp]
fn parts(n: usize) -> (f64, u64, u64, [u64; 2]) {
    let (mut sum, mut last, first) = (0.25, 0u64, 7u64);
    let mut out = [0u64; 2];
    let (mut a, mut b) = (0u64, 0u64);
    #[parallel(num_threads(n), shared(sum, last, a, b), firstprivate(first))]
    {
        let mut own = 10;
        #[sections(reduction(+: sum, own), lastprivate(last), firstprivate(first))]
        {
            #[section(writes(a))]
            {
                first += 1;
                sum += 1e16;
                own += 1;
                *a = first;
                last = 1;
                own += last;
                own -= last;
            }
            #[section]
            {
                sum += 1.0;
            }
            #[section(writes(b))]
            {
                sum += -1e16;
                own += 5;
                *b = first;
                last = 3;
            }
        }
        assert_eq!((own, first), (16, 7), "on every thread");
    }
    (out[0], out[1]) = (a, b);
    #[parallel_sections(num_threads(n), reduction(+: last), shared(a), private(first))]
    {
        #[section(writes(a))]
        {
            first = 5;
            *a += first;
            last += 10;
        }
        #[section]
        {
            last += 20;
        }
    }
    (sum, last, a, out)
}

#[test]
fn sections_with_copies() {
    // In the order of the sections, whoever runs them.
    let mut want = 1e16f64;
    want += 1.0;
    want += -1e16;
    for n in TEAMS {
        assert_eq!(parts(n), (0.25 + want, 33, 13, [8, 7]), "{n} threads");
    }
}
