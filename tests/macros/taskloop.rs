//! Annotated task loops against sequential twins.

use phalanx::prelude::*;

#[omp]
fn axpy(a: f64, x: &[f64], y: &mut [f64], grain: usize) {
    #[taskloop(grainsize(grain), disjoint(y))]
    for i in 0..x.len() {
        y[i] += a * x[i];
    }
}

#[test]
fn own_elements() {
    for n in [0, 1, 7, 64, 1000] {
        for grain in [1, 3, 64, 5000] {
            let x: Vec<f64> = (0..n).map(f64::from).collect();
            let mut y = vec![1.0; x.len()];
            axpy(2.0, &x, &mut y, grain);
            assert!(x.iter().zip(&y).all(|(x, y)| 1.0 + 2.0 * x == *y));
        }
    }
}

#[omp]
fn results(v: &[f64]) -> (f64, f64, usize, usize) {
    let (mut sum, mut largest, mut last) = (10.0, f64::MIN, 0);
    #[taskloop(num_tasks(7), strict, reduction(+: sum), reduction(max: largest), lastprivate(last))]
    for i in 0..v.len() {
        sum += v[i];
        largest = largest.max(v[i]);
        last = i;
    }
    let mut count = 0;
    #[taskloop(grainsize(strict: 10), reduction(+: count))]
    for x in v {
        if *x > 2.0 {
            count += 1;
        }
    }
    (sum, largest, last, count)
}

#[test]
fn reductions_and_last_values() {
    let v: Vec<f64> = (0..100).map(|i| f64::from(i % 10)).collect();
    assert_eq!(results(&v), (460.0, 9.0, 99, 70));
    assert_eq!(results(&[]), (10.0, f64::MIN, 0, 0));
}

#[omp]
fn table(g: &mut Grid2<usize>, offset: usize) {
    let (rows, cols) = g.shape();
    let t = 0;
    #[taskloop(
        collapse(2),
        grainsize(5),
        disjoint(g),
        firstprivate(offset),
        private(t)
    )]
    for i in 0..rows {
        for j in 0..cols {
            t = i * cols + j;
            g[i][j] = t + offset;
        }
    }
    g[0][0] += t;
}

#[test]
fn collapsed() {
    let mut g = Grid2::from_fn(Static, 13, 7, |_, _| 0);
    table(&mut g, 3);
    assert!(g.as_slice().iter().enumerate().all(|(k, x)| *x == k + 3));
}

#[omp]
fn both(v: &mut [u64], w: &mut [u64], by: &[u64]) {
    #[taskgroup]
    {
        for &k in by {
            let log = Atomic::new(0);
            #[taskloop(num_tasks(4))]
            for x in v.iter_mut() {
                *x += k;
                log.add(1);
            }
            assert_eq!(log.into_inner(), v.len());
        }
        #[taskloop(nogroup, grainsize(9), disjoint(w))]
        for i in 0..w.len() {
            w[i] += 2;
        }
        #[taskloop(nogroup)]
        for x in v {
            *x *= 2;
        }
    }
}

#[test]
fn in_a_group() {
    let (mut v, mut w) = (vec![1; 100], vec![1; 50]);
    both(&mut v, &mut w, &[5, 10]);
    assert!(v.iter().all(|x| *x == 32) && w.iter().all(|x| *x == 3));
}

#[omp]
fn tasks_of_a_loop(v: &mut [u64]) {
    #[taskloop(grainsize(3), if(v.len() > 2), final(false), priority(1), untied)]
    for (i, x) in v.iter_mut().enumerate() {
        let twice = 2 * i as u64;
        #[task]
        {
            *x = twice;
        }
    }
}

#[omp]
fn in_single(v: &mut [u64]) -> u64 {
    let mut total = 0;
    #[parallel(num_threads(3), shared(v, total))]
    {
        #[single(writes(v, total))]
        {
            tasks_of_a_loop(v);
            let mut sum = 0;
            #[taskloop(reduction(+: sum))]
            for x in v.iter() {
                sum += x;
            }
            *total = sum;
        }
    }
    total
}

#[test]
fn submits_tasks() {
    for n in [0u64, 1, 2, 100] {
        let mut v = vec![7; n as usize];
        assert_eq!(in_single(&mut v), n * n.saturating_sub(1));
    }
}

#[omp]
fn in_a_final_task(v: &mut [u64]) -> (u64, bool) {
    let (mut sum, mut alone) = (0, true);
    #[taskgroup]
    {
        #[task(final(true))]
        {
            let here = phalanx::thread_num();
            let elsewhere = Atomic::new(0);
            #[taskloop(grainsize(1))]
            for x in v.iter_mut() {
                *x += 1;
                elsewhere.add(u32::from(phalanx::thread_num() != here));
            }
            #[taskloop(num_tasks(3), reduction(+: sum))]
            for x in v.iter() {
                sum += x;
            }
            alone = elsewhere.into_inner() == 0;
        }
    }
    (sum, alone)
}

#[test]
fn final_tasks_share_nothing_out() {
    assert_eq!(in_a_final_task(&mut [1; 200]), (400, true));
}
