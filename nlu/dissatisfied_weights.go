package nlu

// The weights of Dissatisfied: of the log of a cue's count and one, of a mark, of the course of a conversation, for each view.
// Logistic regression on the development part of the STC-3 help desk dialogues (Zeng, Kato, Sakai, NTCIR-14, 2019), L2 0.02 on
// standardised features.

const (
	aloneBias        = -2.872
	conversationBias = -2.742
)

var courseWeights = [courses]float64{-0.103, 0.373, 0.231, 0.047, 0.041}

var cueWeights = [cues][views]float64{
	cueInsult:     {alone: 0.584, inFirst: 0.521, inRest: 0.099, inLast: 0.000},
	cueAppalled:   {alone: 0.351, inFirst: 0.469, inRest: 0.034, inLast: 0.844},
	cueLetDown:    {alone: 0.000, inFirst: 0.132, inRest: 0.147, inLast: 0.000},
	cueComplain:   {alone: 0.638, inFirst: 0.538, inRest: 0.459, inLast: 0.794},
	cueCheated:    {alone: 0.410, inFirst: 0.320, inRest: 0.626, inLast: 0.000},
	cueStillOpen:  {alone: 0.320, inFirst: 0.287, inRest: 0.002, inLast: 0.280},
	cueNoReply:    {alone: 0.044, inFirst: 0.083, inRest: 0.000, inLast: 1.008},
	cueAgain:      {alone: 0.042, inFirst: 0.078, inRest: 0.064, inLast: 0.143},
	cueUnsolved:   {alone: 0.000, inFirst: 0.000, inRest: 0.268, inLast: 0.232},
	cueRhetorical: {alone: 0.046, inFirst: 0.009, inRest: 0.305, inLast: 0.294},
	cueShirking:   {alone: 0.677, inFirst: 0.507, inRest: 0.089, inLast: 0.000},
	cueLeaving:    {alone: 0.204, inFirst: 0.142, inRest: 0.000, inLast: 0.000},
	cueThanks:     {alone: -0.710, inFirst: -0.467, inRest: -0.879, inLast: -0.765},
	cuePraise:     {alone: -0.327, inFirst: -0.415, inRest: -0.400, inLast: -0.230},
	cueSolved:     {alone: 0.000, inFirst: -0.035, inRest: -0.504, inLast: -0.360},
	cuePolite:     {alone: -0.167, inFirst: -0.125, inRest: -0.208, inLast: 0.000},
	cueAsking:     {alone: -0.003, inFirst: 0.027, inRest: -0.141, inLast: 0.143},
	cueFailure:    {alone: 0.067, inFirst: 0.029, inRest: -0.135, inLast: 0.109},
	cueMoney:      {alone: 0.113, inFirst: 0.012, inRest: 0.238, inLast: -0.084},
	cueSuggest:    {alone: -0.396, inFirst: -0.440, inRest: -0.080, inLast: -0.330},
	cueSoft:       {alone: 0.000, inFirst: -0.106, inRest: 0.000, inLast: -0.044},
	cueNegation:   {alone: -0.078, inFirst: -0.197, inRest: 0.180, inLast: 0.531},
	cueYou:        {alone: 0.651, inFirst: 0.549, inRest: 0.384, inLast: 0.516},
	cueCustomer:   {alone: 0.373, inFirst: 0.284, inRest: 0.485, inLast: 0.000},
	cueEffort:     {alone: 0.236, inFirst: 0.264, inRest: 0.109, inLast: 0.193},
	cueDegree:     {alone: 0.296, inFirst: 0.234, inRest: 0.080, inLast: 0.269},
	cueSarcasm:    {alone: 0.455, inFirst: 0.332, inRest: 0.170, inLast: 0.000},
	cueSadFace:    {alone: 0.026, inFirst: 0.000, inRest: 0.480, inLast: 0.607},
	cueGladFace:   {alone: -0.142, inFirst: -0.157, inRest: -0.110, inLast: -0.153},
	cueDuration:   {alone: 0.084, inFirst: 0.043, inRest: 0.212, inLast: 0.240},
	cueLaw:        {alone: 0.717, inFirst: 0.515, inRest: 1.399, inLast: 0.000},
	cueDemand:     {alone: 0.340, inFirst: 0.365, inRest: 0.052, inLast: 0.190},
}

var markWeights = [marks][views]float64{
	markShouts:           {alone: 0.164, inFirst: 0.068, inRest: 0.473, inLast: 0.132},
	markQuestions:        {alone: 0.051, inFirst: 0.049, inRest: 0.277, inLast: 0.523},
	markSeveralQuestions: {alone: 0.219, inFirst: 0.154, inRest: -0.004, inLast: 0.054},
	markEndsAsking:       {alone: 0.035, inFirst: -0.075, inRest: 0.031, inLast: 0.031},
	markDots:             {alone: -0.063, inFirst: -0.012, inRest: -0.086, inLast: 0.275},
	markLength:           {alone: 0.036, inFirst: -0.003, inRest: -0.052, inLast: 0.011},
	markClauses:          {alone: 0.023, inFirst: 0.126, inRest: -0.139, inLast: -0.079},
	markShort:            {alone: 0.000, inFirst: 0.000, inRest: -0.152, inLast: -0.160},
	markManyShouts:       {alone: 0.043, inFirst: -0.028, inRest: 0.024, inLast: 0.086},
}
