import { lifeStory } from './stories/life'

lifeStory('en')
