import { answersStory } from './stories/answers'

answersStory('zh')
