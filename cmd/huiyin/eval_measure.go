package main

import (
	"math"
	"slices"
	"time"
)

// auroc is the chance that a question to be accepted has a higher confidence than one to be rejected.
func auroc(accept, reject []float64) float64 {
	if len(accept) == 0 || len(reject) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(reject))
	sum := 0.0
	for _, v := range accept {
		below, _ := slices.BinarySearch(sorted, v)
		upTo, _ := slices.BinarySearch(sorted, math.Nextafter(v, math.Inf(1)))
		sum += float64(below) + float64(upTo-below)/2
	}
	return sum / float64(len(accept)) / float64(len(reject))
}

// rejectedAt95 is the share that is rejected by the highest threshold that accepts 95 % of the others.
func rejectedAt95(accept, reject []float64) float64 {
	if len(accept) == 0 || len(reject) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(accept))
	threshold := sorted[len(sorted)-int(math.Ceil(0.95*float64(len(sorted))))]
	rejected := 0
	for _, v := range reject {
		if v < threshold {
			rejected++
		}
	}
	return float64(rejected) / float64(len(reject))
}

// eceBins is into how many equal parts the confidence is divided for its calibration error.
const eceBins = 15

// calibrationError is the expected calibration error: how far the stated confidence is from the share that is right.
func calibrationError(confidence []float64, right []bool) float64 {
	var sum, hits [eceBins]float64
	for i, c := range confidence {
		bin := min(eceBins-1, int(c*eceBins))
		sum[bin] += c
		if right[i] {
			hits[bin]++
		}
	}
	off := 0.0
	for bin := range sum {
		off += math.Abs(sum[bin] - hits[bin])
	}
	return off / float64(max(1, len(confidence)))
}

// speed is how many decisions one thread makes in a second, and the time within which 99 % are made.
func speed(timings []time.Duration) (perSecond float64, p99 int64) {
	if len(timings) == 0 {
		return 0, 0
	}
	total := time.Duration(0)
	for _, t := range timings {
		total += t
	}
	sorted := slices.Sorted(slices.Values(timings))
	return rounded(float64(len(timings)) / total.Seconds()), sorted[(len(sorted)*99)/100].Microseconds()
}

// rounded keeps four digits behind the point; what cannot be measured is 0.
func rounded(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return math.Round(v*1e4) / 1e4
}
