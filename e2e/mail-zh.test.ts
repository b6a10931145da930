import { mailStory } from './stories/mail'

mailStory('zh')
