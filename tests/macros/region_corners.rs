//! Constructs inside regions in odd company.

use phalanx::prelude::*;

const TEAMS: [usize; 5] = [1, 2, 3, 4, 8];

struct Longest;
impl Reduce<Longest> for String {
    type Shape = ();
    fn shape(&self) {}
    fn identity(_: &()) -> String {
        String::new()
    }
    fn combine(&mut self, other: String) {
        if other.len() > self.len() {
            *self = other;
        }
    }
}

#[omp]
fn of_all_kinds(n: usize, sums: &mut [u64], counts: &mut Vec<u64>) -> String {
    let mut name = String::from("ab");
    #[parallel(num_threads(n), if(n > 1), reduction(Longest: name), reduction(+: sums, counts))]
    {
        name = "x".repeat(1 + thread_num());
        sums[thread_num()] += 1;
        #[for_each(schedule(guided, 2))]
        for i in 0..20usize {
            counts[i % 4] += 1;
        }
    }
    name
}

#[test]
fn reductions_of_arrays_and_of_a_type_of_ones_own() {
    for n in TEAMS {
        let (mut sums, mut counts) = (vec![5; n], vec![0; 4]);
        let name = of_all_kinds(n, &mut sums, &mut counts);
        assert_eq!(name.len(), n.max(2), "{n} threads");
        assert_eq!(sums, vec![6; n]);
        assert_eq!(counts, [5; 4]);
    }
}

#[omp]
fn nests(n: usize) -> (String, usize, usize, Grid2<usize>) {
    let (mut log, mut at, mut j) = (String::new(), 0, 10);
    let mut g = Grid2::filled(3, 4, 0);
    #[parallel_for(
        ordered,
        collapse(2),
        num_threads(n),
        schedule(dynamic, 2),
        writes(log),
        lastprivate(at),
        disjoint(g)
    )]
    for i in 0..3usize {
        for k in 0..4usize {
            at = 10 * i + k;
            g[i][k] = at;
            #[ordered]
            {
                *log += &format!("{at} ");
            }
        }
    }
    #[parallel(num_threads(n), firstprivate(j), shared(at))]
    {
        #[for_each(collapse(2), linear(j: 5), reduction(+: at))]
        for i in 0..2usize {
            for k in 0..3usize {
                at += (j == 10 + 5 * (3 * i + k)) as usize;
                j += 5;
            }
        }
        assert_eq!(j, 40);
    }
    j += 1;
    (log, at, j, g)
}

#[test]
fn collapsed_ordered_and_linear() {
    for n in TEAMS {
        let (log, at, j, g) = nests(n);
        assert_eq!(log, "0 1 2 3 10 11 12 13 20 21 22 23 ", "{n} threads");
        assert_eq!((at, j, g[2][3]), (23 + 6, 11, 23));
    }
}

#[omp]
fn rows_in_order(n: usize) -> (Vec<u64>, u64) {
    let (mut a, mut seen) = (vec![0u64; 15], 0u64);
    #[parallel(num_threads(n), shared(a, seen))]
    {
        #[for_each(ordered, writes(seen), schedule(static, 2))]
        'rows: for (k, row) in a.chunks_mut(4).enumerate() {
            for (j, x) in row.iter_mut().enumerate() {
                if j == 3 {
                    continue 'rows;
                }
                *x = k as u64;
            }
            #[ordered]
            {
                *seen = 10 * *seen + k as u64;
            }
        }
    }
    (a, seen)
}

#[test]
fn items_in_order() {
    for n in TEAMS {
        let (a, seen) = rows_in_order(n);
        assert_eq!(
            a,
            [0, 0, 0, 0, 1, 1, 1, 0, 2, 2, 2, 0, 3, 3, 3],
            "{n} threads"
        );
        // Only the last row, which is short, comes to its turn.
        assert_eq!(seen, 3);
    }
}

#[omp]
fn scopes(n: usize, odd: bool) -> (Vec<u64>, Vec<u64>, Vec<u64>) {
    let (mut a, mut b, mut c) = (vec![0u64; 9], vec![0u64; 9], vec![0u64; 9]);
    #[parallel(num_threads(n), shared(a, b, c))]
    {
        'steps: for step in 0..5u64 {
            if odd {
                #[for_each(nowait, disjoint(a))]
                for i in 0..9usize {
                    a[i] += step;
                }
                let twice = vec![2 * step; 9];
                #[for_each(disjoint(b), schedule(dynamic, 1))]
                for i in 0..9usize {
                    b[i] += twice[i];
                }
            } else {
                #[for_each(nowait, disjoint(b))]
                for i in 0..9usize {
                    b[i] += 1;
                }
                let _meanwhile = step;
                // Ends before a construct that cannot be in it, and before what leaves the block.
                if step + 1 > 3 {
                    break 'steps;
                }
            }
            let last = #[single(writes(c), reads(a))]
            {
                c[0] += 1;
                a[8]
            };
            #[single(writes(c))]
            {
                c.iter_mut().for_each(|c| *c += last);
                c[0]
            };
        }
        #[nowait]
        {
            #[single(writes(a))]
            {
                a[0] = 100;
                a.len()
            }
            #[sections]
            {
                #[section(writes(b))]
                {
                    b[0] = 200;
                }
            }
        };
    }
    (a, b, c)
}

#[test]
fn scopes_in_branches_and_loops() {
    for n in TEAMS {
        let (a, b, c) = scopes(n, true);
        assert_eq!((a[0], a[8], b[0], b[8]), (100, 10, 200, 20), "{n} threads");
        assert_eq!((c[0], c[8]), (5 + 20, 20));
        let (a, b, c) = scopes(n, false);
        assert_eq!((a[0], a[8], b[0], b[8]), (100, 0, 200, 4), "{n} threads");
        assert_eq!((c[0], c[8]), (3, 0));
    }
}

#[omp]
fn value_behind_a_scope(cx: &mut Ctx, a: &mut View<u64>) -> usize {
    let seen = 40;
    #[for_each(nowait, disjoint(a))]
    for i in 0..a.len() {
        a[i] += 1;
    }
    seen + thread_num() - thread_num()
}

#[omp]
fn regions_in_regions(n: usize) -> (u64, u64) {
    let (mut outer, mut most) = (0u64, 0u64);
    #[parallel(num_threads(2), reduction(+: outer))]
    {
        let mut inner = 0u64;
        #[parallel(num_threads(n), reduction(+: inner))]
        {
            #[for_each(nowait, schedule(dynamic, 1))]
            for i in 0..10u64 {
                inner += i;
            }
        }
        outer += inner;
    }
    #[parallel_sections(num_threads(n), reduction(max: most), firstprivate(outer))]
    {
        #[section]
        {
            most = most.max(outer);
        }
        #[section]
        {
            most = most.max(7);
        }
    }
    (outer, most)
}

#[test]
fn values_and_nests() {
    for n in TEAMS {
        let mut a = vec![0; 7];
        let team = Options::new().num_threads(n);
        region(team, &mut a, |cx, mut a| {
            assert_eq!(value_behind_a_scope(cx, &mut a), 40);
        });
        assert_eq!(a, [1; 7]);
        assert_eq!(regions_in_regions(n), (90, 90), "{n} threads");
    }
}

#[omp]
fn arrays_in_lanes(x: &[f64], bins: &mut [f64]) -> (f64, u32) {
    let (mut sum, mut odd) = (0.0, 0);
    #[simd(reduction(+: bins, sum))]
    'all: for i in 0..x.len() {
        if i % 7 == 3 {
            continue 'all;
        }
        bins[i % 3] += x[i];
        sum += x[i];
    }
    #[simd(reduction(^: odd))]
    for x in x {
        odd ^= *x as u32;
    }
    (sum, odd)
}

#[test]
fn simd_with_arrays_and_continue() {
    let x: Vec<f64> = (0..50).map(f64::from).collect();
    let mut bins = vec![1.0; 3];
    let (sum, odd) = arrays_in_lanes(&x, &mut bins);
    let kept = (0..50).filter(|i| i % 7 != 3);
    assert_eq!(sum, kept.clone().sum::<i32>().into());
    assert_eq!(bins.iter().sum::<f64>(), 3.0 + sum);
    assert_eq!(odd, (0..50).fold(0, |a, b| a ^ b));
}

mod elsewhere {
    pub mod phalanx_by_another_name {
        pub use phalanx::*;
    }
}

#[phalanx::omp(crate = crate::region_corners::elsewhere::phalanx_by_another_name)]
fn renamed(n: usize) -> u64 {
    let (mut last, mut sum) = (0, 0);
    #[parallel(num_threads(n), shared(last, sum))]
    {
        #[for_each(lastprivate(last))]
        for i in 0..10u64 {
            last = i;
        }
        #[sections(reduction(+: sum))]
        {
            #[section]
            {
                sum += 1;
            }
        }
    }
    last + sum
}

#[test]
fn the_crate_by_another_name() {
    assert_eq!(renamed(3), 10);
}
