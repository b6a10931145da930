import { mailStory } from './stories/mail'

mailStory('en')
